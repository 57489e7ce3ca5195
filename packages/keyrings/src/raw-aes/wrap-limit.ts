import { BongtuError } from '@bongtu/message-format'

/**
 * SP 800-38D §8.3: at most 2^32 uses of one key with random initialisation vectors, so that two of them are equal with
 * a probability below 2^-32.
 */
export const MAX_WRAPS: number = 2 ** 32

/** Counts the wraps of one keyring. What it returns throws ERR_LIMIT once `limit` of them are used up. */
export function wrapCounter(keyring: string, limit: number): () => void {
  let wraps = 0
  return () => {
    if (wraps === limit) {
      throw new BongtuError(
        'ERR_LIMIT',
        `${keyring} has wrapped ${limit} data keys, the most that one AES key may with random initialisation vectors; ` +
          'wrap under a new key, and keep this one to decrypt',
      )
    }
    wraps++
  }
}
