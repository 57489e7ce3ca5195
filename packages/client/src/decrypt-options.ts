import type { Engine } from '@bongtu/crypto'
import { limitOrFalse, oneOf, readOptions, wholeNumber } from '@bongtu/crypto/options'
import { type EncryptionContext, encryptionContext } from '@bongtu/message-format'
import { type CommitmentPolicy, commitmentPolicy, defaultCommitmentPolicy } from './commitment-policy.ts'
import { NO_CONTEXT } from './context-rules.ts'
import type { DataKeyCache } from './data-key-cache.ts'
import { DEFAULT_MAX_ENCRYPTED_DATA_KEYS } from './encrypt-options.ts'
import type { Keyring } from './keyring.ts'
import { requireCache, requireEngine, requireKeyring, requireSignal } from './port-checks.ts'

/** What a stream or a range may hand out of a signed message before its signature is verified. */
export type Unverified = 'refuse' | 'release'

export interface DecryptOptions {
  readonly keyring: Keyring
  /**
   * Pairs that the message must have been encrypted with. Those that the header holds are compared before any key is
   * unwrapped; those that it lacks are authenticated as required encryption context.
   */
  readonly encryptionContext?: Readonly<Record<string, string>>
  /** Default `require-encrypt-require-decrypt`. */
  readonly commitmentPolicy?: CommitmentPolicy
  /** Default 10; `false` for no limit. */
  readonly maxEncryptedDataKeys?: number | false
  /** Bytes of header, its tag included. Default 1 MiB. */
  readonly maxHeaderLength?: number
  /** Bytes of plaintext in a frame or a non-framed body. Default 64 MiB. */
  readonly maxFrameLength?: number
  /** Bytes of plaintext in all. Default none. */
  readonly maxPlaintextLength?: number
  /**
   * Signed messages in streams and ranges. `release` hands out each frame once its own tag verified, and a stream's last
   * frame once the signature verified (decrypt.md); `refuse` rejects signed messages. Streams default to `release`,
   * ranges, which can never verify the signature, to `refuse`.
   */
  readonly unverified?: Unverified
  /** Also open what the AWS Encryption SDK for .NET 4.0.0 wrote, whose header tags cover other bytes. Default false. */
  readonly allowNet400Messages?: boolean
  readonly cache?: DataKeyCache
  readonly engine?: Engine
  readonly signal?: AbortSignal
}

const commonNames = [
  'keyring',
  'encryptionContext',
  'commitmentPolicy',
  'maxEncryptedDataKeys',
  'maxHeaderLength',
  'maxFrameLength',
  'maxPlaintextLength',
  'allowNet400Messages',
  'cache',
  'engine',
  'signal',
] as const satisfies (keyof DecryptOptions)[]

/** Options of `decrypt`, which hands out nothing before everything verified. */
export const decryptOptionNames: readonly string[] = Object.freeze([...commonNames])
/** Options of streams and ranges. */
export const partialDecryptOptionNames: readonly string[] = Object.freeze([...commonNames, 'unverified'])

export interface DecryptLimits {
  readonly maxEncryptedDataKeys: number | false
  readonly maxHeaderLength: number
  readonly maxFrameLength: number
}

export interface CheckedDecryptOptions {
  readonly limits: DecryptLimits
  readonly keyring: Keyring
  readonly expectedContext: EncryptionContext
  readonly policy: CommitmentPolicy
  readonly maxPlaintextLength: number
  readonly unverified: Unverified
  readonly allowNet400Messages: boolean
  readonly cache: DataKeyCache | undefined
  readonly engine: Engine
  readonly signal: AbortSignal | undefined
}

export const defaultDecryptLimits: DecryptLimits = Object.freeze({
  maxEncryptedDataKeys: DEFAULT_MAX_ENCRYPTED_DATA_KEYS,
  maxHeaderLength: 2 ** 20,
  maxFrameLength: 2 ** 26,
})

const atLeastOne = (name: string, value: number): number => wholeNumber(name, value, 1, Number.MAX_SAFE_INTEGER)

/** The limits of a call where it names them, else the defaults. Throws a TypeError or RangeError. */
export function checkLimits(options: Partial<DecryptLimits>): DecryptLimits {
  const { maxEncryptedDataKeys, maxHeaderLength, maxFrameLength } = defaultDecryptLimits
  return {
    maxEncryptedDataKeys: limitOrFalse('maxEncryptedDataKeys', options.maxEncryptedDataKeys ?? maxEncryptedDataKeys, 1),
    maxHeaderLength: atLeastOne('maxHeaderLength', options.maxHeaderLength ?? maxHeaderLength),
    maxFrameLength: atLeastOne('maxFrameLength', options.maxFrameLength ?? maxFrameLength),
  }
}

/** Throws TypeError, RangeError or ERR_CONTEXT; asks no keyring. */
export function checkDecryptOptions(
  what: string,
  given: DecryptOptions,
  names: readonly string[],
  unverified: Unverified,
): CheckedDecryptOptions {
  const options = readOptions(what, given, names)
  return {
    keyring: requireKeyring(what, options.keyring),
    expectedContext:
      options.encryptionContext === undefined ? NO_CONTEXT : encryptionContext(options.encryptionContext),
    policy: commitmentPolicy(options.commitmentPolicy ?? defaultCommitmentPolicy),
    limits: checkLimits(options),
    maxPlaintextLength: wholeNumber(
      'maxPlaintextLength',
      options.maxPlaintextLength ?? Number.MAX_SAFE_INTEGER,
      0,
      Number.MAX_SAFE_INTEGER,
    ),
    unverified: oneOf('unverified', options.unverified ?? unverified, ['refuse', 'release']),
    allowNet400Messages: oneOf('allowNet400Messages', options.allowNet400Messages ?? false, [false, true]),
    cache: requireCache(what, options.cache),
    engine: requireEngine(what, options.engine),
    signal: requireSignal(what, options.signal),
  }
}
