import type { Keyring } from '@bongtu/client'
import { type RawAesOptions, rawAesWithLimit } from './keyring.ts'
import { MAX_WRAPS } from './wrap-limit.ts'

export type { RawAesOptions }

/**
 * Wraps data keys with AES-GCM under a key that the caller holds (raw-aes-keyring.md). The encryption context is bound:
 * an encrypted data key opens under the very context it was wrapped with.
 *
 * Initialisation vectors are random, so one key wraps at most 2^32 data keys (SP 800-38D §8.3). Each keyring counts its
 * own and then refuses with ERR_LIMIT; wraps by other processes and by other keyrings on the same key are not seen.
 *
 * @throws TypeError for an option of the wrong type or an unknown one; RangeError for a key that does not have 16, 24 or
 * 32 bytes, and for a namespace or name that is empty, not well-formed, too long, or of the AWS KMS keyrings.
 */
export function rawAes(options: RawAesOptions): Keyring {
  return rawAesWithLimit(options, MAX_WRAPS)
}
