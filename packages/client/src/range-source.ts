import { bytes, isBytes, wholeNumber } from '@bongtu/crypto/options'

/** Bytes that can be read from anywhere: a file, an HTTP resource with ranges, an S3 object. */
export interface RangeSource {
  /** Bytes in all. */
  readonly size: number
  /**
   * The bytes from `start` to `end`, `end` exclusive: exactly `end - start` of them, however often it must read for them,
   * in memory that it does not write again.
   */
  read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array>
}

/** What `openRange` and `inspect` read from; a `File` is a `Blob`. */
export type RandomAccess = Uint8Array | Blob | RangeSource

export const isRandomAccess = (value: unknown): value is RandomAccess =>
  isBytes(value) || isBlob(value) || isRangeSource(value)

function isBlob(value: unknown): value is Blob {
  return typeof Blob === 'function' && value instanceof Blob
}

function isRangeSource(value: unknown): value is RangeSource {
  if (typeof value !== 'object' || value === null) return false
  const { size, read } = value as Partial<RangeSource>
  return typeof size === 'number' && typeof read === 'function'
}

/** One way to read all of them. Throws a TypeError for anything else, and where a source answers other lengths than asked. */
export function rangeSource(source: RandomAccess): RangeSource {
  if (isBytes(source)) return { size: source.length, read: async (start, end) => source.subarray(start, end) }
  if (isBlob(source)) {
    return {
      size: source.size,
      read: async (start, end) => new Uint8Array(await source.slice(start, end).arrayBuffer()),
    }
  }
  if (!isRangeSource(source))
    throw new TypeError('the source is a Uint8Array, a Blob, or an object with size and read(start, end)')
  const size = wholeNumber('the size of the source', source.size, 0, Number.MAX_SAFE_INTEGER)
  return { size, read: (start, end, signal) => exactRead(source, start, end, signal) }
}

async function exactRead(source: RangeSource, start: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
  const piece = bytes('what the source answers', await source.read(start, end, signal))
  if (piece.length === end - start) return piece
  throw new TypeError(
    `the source answered ${piece.length} bytes where ${end - start} were asked for, from ${start}: its read must go on until it has all of them, and answer no more`,
  )
}
