import type { Engine } from '@bongtu/crypto'
import { limitOrFalse, readOptions, wholeNumber } from '@bongtu/crypto/options'
import { type AlgorithmSuite, type EncryptionContext, type SuiteName, suiteNamed } from '@bongtu/message-format'
import {
  type CommitmentPolicy,
  commitmentPolicy,
  defaultCommitmentPolicy,
  defaultSuite,
  requireEncryptAllowed,
} from './commitment-policy.ts'
import { contextToEncrypt, requiredContextKeys, requireKeysIn } from './context-rules.ts'
import type { DataKeyCache } from './data-key-cache.ts'
import type { Keyring } from './keyring.ts'
import { requireCache, requireEngine, requireKeyring, requireSignal } from './port-checks.ts'

export interface EncryptOptions {
  readonly keyring: Keyring
  /** Pairs of text, bound to the message and stored in its header in clear. */
  readonly encryptionContext?: Readonly<Record<string, string>>
  /** Keys of the context that the header leaves out: whoever decrypts must bring their pairs. */
  readonly requiredEncryptionContextKeys?: readonly string[]
  /** A suite's name or id. Default: 0x0578 under the policies that require commitment, else 0x0378. */
  readonly algorithmSuite?: SuiteName | number | (string & {})
  /** Bytes of plaintext a frame, 1 to 2^32-1. Default 4096. Readers hold a frame at once, and bongtu none over 64 MiB by default. */
  readonly frameLength?: number
  /** Default `require-encrypt-require-decrypt`. */
  readonly commitmentPolicy?: CommitmentPolicy
  /** Refuse to write more encrypted data keys than this. Default 10, as on decrypt; `false` for no limit. */
  readonly maxEncryptedDataKeys?: number | false
  /** Bytes of plaintext that will come, for streams. More or fewer fail with ERR_LIMIT, and no message is completed. */
  readonly plaintextLength?: number
  readonly cache?: DataKeyCache
  readonly engine?: Engine
  readonly signal?: AbortSignal
}

export const encryptOptionNames: readonly string[] = Object.freeze([
  'keyring',
  'encryptionContext',
  'requiredEncryptionContextKeys',
  'algorithmSuite',
  'frameLength',
  'commitmentPolicy',
  'maxEncryptedDataKeys',
  'plaintextLength',
  'cache',
  'engine',
  'signal',
] satisfies (keyof EncryptOptions)[])

export interface CheckedEncryptOptions {
  readonly keyring: Keyring
  readonly encryptionContext: EncryptionContext
  readonly requiredKeys: readonly string[]
  readonly suite: AlgorithmSuite
  readonly frameLength: number
  readonly policy: CommitmentPolicy
  readonly maxEncryptedDataKeys: number | false
  readonly plaintextLength: number | undefined
  readonly cache: DataKeyCache | undefined
  readonly engine: Engine
  readonly signal: AbortSignal | undefined
}

export const DEFAULT_FRAME_LENGTH = 4096
export const DEFAULT_MAX_ENCRYPTED_DATA_KEYS = 10
const MAX_FRAME_LENGTH = 2 ** 32 - 1

/** Throws TypeError, RangeError, ERR_POLICY or ERR_CONTEXT; asks no keyring. */
export function checkEncryptOptions(what: string, given: EncryptOptions): CheckedEncryptOptions {
  const options = readOptions(what, given, encryptOptionNames)
  const policy = commitmentPolicy(options.commitmentPolicy ?? defaultCommitmentPolicy)
  const suite = options.algorithmSuite === undefined ? defaultSuite(policy) : suiteNamed(options.algorithmSuite)
  requireEncryptAllowed(policy, suite)
  const encryptionContext = contextToEncrypt(options.encryptionContext)
  const requiredKeys = requiredContextKeys(options.requiredEncryptionContextKeys)
  requireKeysIn(encryptionContext, requiredKeys)
  return {
    keyring: requireKeyring(what, options.keyring),
    encryptionContext,
    requiredKeys,
    suite,
    frameLength: wholeNumber('frameLength', options.frameLength ?? DEFAULT_FRAME_LENGTH, 1, MAX_FRAME_LENGTH),
    policy,
    maxEncryptedDataKeys: limitOrFalse(
      'maxEncryptedDataKeys',
      options.maxEncryptedDataKeys ?? DEFAULT_MAX_ENCRYPTED_DATA_KEYS,
      1,
    ),
    plaintextLength:
      options.plaintextLength === undefined
        ? undefined
        : wholeNumber('plaintextLength', options.plaintextLength, 0, Number.MAX_SAFE_INTEGER),
    cache: requireCache(what, options.cache),
    engine: requireEngine(what, options.engine),
    signal: requireSignal(what, options.signal),
  }
}
