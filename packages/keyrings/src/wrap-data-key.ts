import type { WrappedDataKey, WrapRequest } from '@bongtu/client'
import type { Engine } from '@bongtu/crypto'
import { readMembers } from '@bongtu/crypto/options'
import type { EncryptedDataKey } from '@bongtu/message-format'

/** What a keyring reads of a request, and never from `Object.prototype`: a data key from there would be wrapped. */
export const WRAP_REQUEST: readonly string[] = ['suite', 'encryptionContext', 'dataKey', 'signal']

/**
 * Wraps the given data key, or a fresh one, under one wrapping key. The data key of the answer is the caller's: the very
 * array that was given, or the fresh one. A fresh one that could not be wrapped is zeroed.
 *
 * Rejects with a RangeError where the given data key does not have the suite's length, and with the signal's reason.
 */
export async function wrapUnderOneKey(
  engine: Engine,
  asked: WrapRequest,
  wrap: (dataKey: Uint8Array) => Promise<EncryptedDataKey>,
): Promise<WrappedDataKey> {
  const request = readMembers(asked, WRAP_REQUEST)
  const { suite, dataKey: given, signal } = request
  signal?.throwIfAborted()
  requireDataKeyLength(request)
  const dataKey = given ?? engine.random(suite.dataKeyLength)
  try {
    return { dataKey, encryptedDataKeys: [await wrap(dataKey)] }
  } catch (error) {
    if (given === undefined) dataKey.fill(0)
    throw error
  }
}

/** Throws a RangeError where a data key is given that does not have the suite's length. */
export function requireDataKeyLength({ suite, dataKey }: WrapRequest): void {
  if (dataKey === undefined || dataKey.length === suite.dataKeyLength) return
  throw new RangeError(
    `suite ${suite.name} takes a data key of ${suite.dataKeyLength} bytes; ${dataKey.length} were given`,
  )
}
