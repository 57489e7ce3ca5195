import type { AlgorithmSuite, EncryptedDataKey, EncryptionContext } from '@bongtu/message-format'

/** What a keyring is asked to wrap. */
export interface WrapRequest {
  readonly suite: AlgorithmSuite
  /** The whole encryption context, required pairs included: the keyring binds it where its wrapping can. */
  readonly encryptionContext: EncryptionContext
  /** Absent: generate one of `suite.dataKeyLength` bytes. Present: wrap this one and return it, never keep it. */
  readonly dataKey?: Uint8Array
  readonly signal?: AbortSignal
}

export interface WrappedDataKey {
  /** Belongs to the caller, which zeroes it. */
  readonly dataKey: Uint8Array
  readonly encryptedDataKeys: readonly EncryptedDataKey[]
}

/**
 * Reports an encrypted data key that a keyring did not open. A keyring leaves `keyring` out; one that asks other
 * keyrings names the one it asked.
 */
export type PassedOver = (encryptedDataKey: EncryptedDataKey, reason: string, cause?: unknown, keyring?: string) => void

export interface UnwrapRequest {
  readonly suite: AlgorithmSuite
  readonly encryptionContext: EncryptionContext
  readonly encryptedDataKeys: readonly EncryptedDataKey[]
  readonly passedOver: PassedOver
  readonly signal?: AbortSignal
}

export interface UnwrappedDataKey {
  /** Belongs to the caller, which zeroes it. */
  readonly dataKey: Uint8Array
  readonly encryptedDataKey: EncryptedDataKey
}

/**
 * Whatever wraps and unwraps data keys. Two functions, no base class: anything with this shape is a keyring, and
 * `keyringConformance` of `@bongtu/client/conformance` tells whether it behaves as one.
 */
export interface Keyring {
  /** Names the keyring in errors, as a key URI where it has one. Never holds a secret. */
  readonly name?: string
  wrapDataKey(request: WrapRequest): Promise<WrappedDataKey>
  /**
   * `null` where none of these opened here; every one that was not opened was reported to `passedOver`. A throw counts
   * as a failure of all that were not reported, and whoever asks goes on with the next keyring.
   */
  unwrapDataKey(request: UnwrapRequest): Promise<UnwrappedDataKey | null>
}
