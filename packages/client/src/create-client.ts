import { readOptions, record } from '@bongtu/crypto/options'
import { commitmentPolicy, defaultCommitmentPolicy } from './commitment-policy.ts'
import { requiredContextKeys } from './context-rules.ts'
import { type DecryptResult, decrypt } from './decrypt.ts'
import {
  checkDecryptOptions,
  type DecryptOptions,
  decryptOptionNames,
  partialDecryptOptionNames,
} from './decrypt-options.ts'
import { type EncryptResult, encrypt } from './encrypt.ts'
import { checkEncryptOptions, type EncryptOptions, encryptOptionNames } from './encrypt-options.ts'
import { type InspectOptions, inspect, inspectOptionNames } from './inspect.ts'
import type { Keyring } from './keyring.ts'
import { type OpenedRange, openRange } from './range.ts'
import type { RandomAccess } from './range-source.ts'
import { type DecryptStream, decryptStream, type EncryptStream, encryptStream } from './streams.ts'

/** Options for every call of a client. What belongs to one call only, context and signal, is not among them. */
export type ClientDefaults = Partial<
  Omit<EncryptOptions & DecryptOptions, 'encryptionContext' | 'plaintextLength' | 'signal'>
>

type WithDefaults<O> = Omit<O, 'keyring' | 'commitmentPolicy'> & Partial<Pick<O, Extract<'keyring', keyof O>>>
type CallEncryptOptions = WithDefaults<EncryptOptions>
type CallDecryptOptions = WithDefaults<DecryptOptions>

/** The functions of bongtu with defaults bound. */
export interface Client {
  encrypt(plaintext: Uint8Array, options?: CallEncryptOptions): Promise<EncryptResult>
  decrypt(ciphertext: Uint8Array, options?: Omit<CallDecryptOptions, 'unverified'>): Promise<DecryptResult>
  encryptStream(options?: CallEncryptOptions): EncryptStream
  decryptStream(options?: CallDecryptOptions): DecryptStream
  openRange(source: RandomAccess, options?: CallDecryptOptions): Promise<OpenedRange>
  readonly inspect: typeof inspect
}

const perCall = ['encryptionContext', 'plaintextLength', 'signal']
const defaultNames = [...new Set([...encryptOptionNames, ...partialDecryptOptionNames])].filter(
  (name) => !perCall.includes(name),
)

/**
 * Binds defaults once. A call may override any of them but the commitment policy, which is fixed here for good
 * (client.md). Throws for wrong values as the functions themselves do, and a TypeError for an unknown option.
 */
export function createClient(given: ClientDefaults = {}): Client {
  const defaults = readOptions('createClient', given, defaultNames)
  const policy = commitmentPolicy(defaults.commitmentPolicy ?? defaultCommitmentPolicy)
  const bound: ClientDefaults = Object.freeze(record(defaults, { commitmentPolicy: policy }))
  checkDefaults(bound)
  const merge = <O>(what: string, names: readonly string[], options: object = {}): O => {
    const ofCall = readOptions(what, options, names)
    if (Object.hasOwn(ofCall, 'commitmentPolicy')) {
      throw new TypeError('the commitment policy of a client is fixed; make another client')
    }
    return record(named(bound, names), ofCall) as O
  }
  return Object.freeze<Client>({
    encrypt: async (plaintext, options) =>
      encrypt(plaintext, merge<EncryptOptions>('encrypt', encryptOptionNames, options)),
    decrypt: async (ciphertext, options) =>
      decrypt(ciphertext, merge<DecryptOptions>('decrypt', decryptOptionNames, options)),
    encryptStream: (options) => encryptStream(merge<EncryptOptions>('encryptStream', encryptOptionNames, options)),
    decryptStream: (options) =>
      decryptStream(merge<DecryptOptions>('decryptStream', partialDecryptOptionNames, options)),
    openRange: async (source, options) =>
      openRange(source, merge<DecryptOptions>('openRange', partialDecryptOptionNames, options)),
    inspect: async (source, options) => inspect(source, merge<InspectOptions>('inspect', inspectOptionNames, options)),
  })
}

/** Stands in where every call brings its own, so that all other defaults are checked at once. */
const nobody: Keyring = {
  wrapDataKey: () => Promise.reject(new Error('no keyring')),
  unwrapDataKey: () => Promise.resolve(null),
}

function checkDefaults(bound: ClientDefaults): void {
  const { requiredEncryptionContextKeys, ...rest } = bound
  // Whether the context holds them shows with each call's context.
  requiredContextKeys(requiredEncryptionContextKeys)
  checkEncryptOptions('createClient', { keyring: nobody, ...named(rest, encryptOptionNames) })
  const decrypting = { keyring: nobody, ...named(rest, partialDecryptOptionNames) }
  checkDecryptOptions('createClient', decrypting, partialDecryptOptionNames, 'release')
}

/** The named ones of some options that were read before. */
const named = (options: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)))
