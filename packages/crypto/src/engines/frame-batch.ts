import { type FrameBatch, IV_LENGTH, TAG_LENGTH } from '../engine.ts'

/**
 * Refuses a batch whose records, plaintext or counters do not fit their arrays, so that no engine reads or writes past what
 * the caller meant.
 */
export function checkFrameBatch(batch: FrameBatch): void {
  const { count, contentLength, recordStride, ivOffset, contentOffset, aadCounterOffset, firstCounter } = batch
  for (const n of [count, contentLength, recordStride, ivOffset, contentOffset, aadCounterOffset, firstCounter]) {
    if (!Number.isSafeInteger(n) || n < 0)
      throw new RangeError('frame batch: counts, lengths and offsets are integers ≥ 0')
  }
  const recordEnd = contentOffset + contentLength + TAG_LENGTH
  if (ivOffset + IV_LENGTH > contentOffset) throw new RangeError('frame batch: the content overlaps its iv')
  if (count > 1 && recordStride < recordEnd) throw new RangeError('frame batch: records overlap')
  if (count > 0 && (count - 1) * recordStride + recordEnd > batch.records.length) {
    throw new RangeError('frame batch: the records do not fit their array')
  }
  if (count * contentLength > batch.plaintext.length) throw new RangeError('frame batch: the plaintext is too short')
  if (aadCounterOffset + 4 > batch.aad.length) throw new RangeError('frame batch: the aad has no room for its counter')
  if (firstCounter + Math.max(count, 1) - 1 > 0xffffffff)
    throw new RangeError('frame batch: the counter passes 2^32 - 1')
}

/** Writes `value` as 32 bits, big-endian. */
export function writeCounter(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24
  bytes[offset + 1] = value >>> 16
  bytes[offset + 2] = value >>> 8
  bytes[offset + 3] = value
}
