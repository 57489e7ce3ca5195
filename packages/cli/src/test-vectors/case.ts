import type { Keyring } from '@bongtu/client'

/** What a test vector is decrypted with: keyrings, and why others could not be made. */
export interface CaseKeys {
  readonly keyrings: readonly Keyring[]
  readonly missing: readonly string[]
}

/** One test vector, of whatever manifest it came. */
export interface VectorCase {
  readonly id: string
  readonly ciphertext: () => Promise<Uint8Array>
  readonly keys: () => CaseKeys
  /** Pairs that whoever decrypts gives: the reproduced encryption context. */
  readonly encryptionContext: Readonly<Record<string, string>>
  /** Decrypted as a stream that refuses signed messages. */
  readonly unsignedOnly: boolean
  /** The plaintext, or `null` where the message must be refused. */
  readonly plaintext: (() => Promise<Uint8Array>) | null
}

export type Outcome = 'passed' | 'failed' | 'skipped'

export interface VectorResult {
  readonly id: string
  readonly outcome: Outcome
  /** Why it failed or was skipped. */
  readonly reason?: string
}
