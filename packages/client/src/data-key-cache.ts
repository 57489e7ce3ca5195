import type { SigningKey } from '@bongtu/crypto'
import type { AlgorithmSuite, EncryptedDataKey, EncryptionContext } from '@bongtu/message-format'
import type { CommitmentPolicy } from './commitment-policy.ts'
import type { Keyring, PassedOver } from './keyring.ts'

/** What one encrypted message stands on. Its data key belongs to whoever holds the object, and is zeroed when done. */
export interface EncryptionMaterials {
  readonly suite: AlgorithmSuite
  /** The whole context, with the public key of a signed suite. */
  readonly encryptionContext: EncryptionContext
  readonly dataKey: Uint8Array
  readonly encryptedDataKeys: readonly EncryptedDataKey[]
  /** Present exactly with a signed suite. */
  readonly signingKey?: SigningKey
}

export interface DecryptionMaterials {
  readonly suite: AlgorithmSuite
  readonly dataKey: Uint8Array
  readonly encryptedDataKey: EncryptedDataKey
}

/** How a cache served a request: a kept data key, a fresh one that it keeps, or a fresh one that it does not keep. */
export type CacheOutcome = 'hit' | 'miss' | 'bypass'

export interface CacheServed {
  readonly outcome: CacheOutcome
  /** Charges bytes that were not announced in `plaintextLength`, as a stream of unknown length learns of them. */
  readonly charge?: (bytes: number) => void
  /** Has a fresh data key forgotten that did not open the message it was asked for. */
  readonly forget?: () => void
}

/** Everything that may change the result belongs to the identity of an entry; `signal` does not. */
export interface EncryptionCacheRequest {
  readonly keyring: Keyring
  readonly suite: AlgorithmSuite
  readonly commitmentPolicy: CommitmentPolicy
  /** The caller's context, without the public key of a signed suite. */
  readonly encryptionContext: EncryptionContext
  readonly requiredEncryptionContextKeys: readonly string[]
  /** Bytes of plaintext, where known. */
  readonly plaintextLength?: number
  readonly signal?: AbortSignal
  /** Asks the keyring. */
  readonly generate: (signal?: AbortSignal) => Promise<EncryptionMaterials>
}

export interface DecryptionCacheRequest {
  readonly keyring: Keyring
  readonly suite: AlgorithmSuite
  readonly commitmentPolicy: CommitmentPolicy
  /** What the header holds and the required pairs beside it. */
  readonly encryptionContext: EncryptionContext
  /** The pairs that the caller expects. */
  readonly expectedContext: EncryptionContext
  readonly encryptedDataKeys: readonly EncryptedDataKey[]
  readonly passedOver: PassedOver
  readonly signal?: AbortSignal
  readonly unwrap: (signal?: AbortSignal) => Promise<DecryptionMaterials>
}

/**
 * Keeps data keys between messages. `@bongtu/data-key-cache` is one; anything with this shape is. What it answers is
 * checked as what a keyring answers: suite, policy, data key length.
 */
export interface DataKeyCache {
  /** The data key of the answer is a copy of the caller's own. */
  forEncryption(request: EncryptionCacheRequest): Promise<EncryptionMaterials & CacheServed>
  forDecryption(request: DecryptionCacheRequest): Promise<DecryptionMaterials & CacheServed>
}
