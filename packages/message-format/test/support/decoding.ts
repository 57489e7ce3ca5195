import { expect } from 'vitest'
import {
  BongtuError,
  type DecodedPart,
  type DecoderLimits,
  type ErrorCode,
  MessageDecoder,
  REGULAR_FRAME_OVERHEAD,
} from '../../src/index.ts'
import { toHex } from './messages.ts'

export const noLimits: DecoderLimits = {
  maxHeaderLength: Number.POSITIVE_INFINITY,
  maxFrameLength: Number.POSITIVE_INFINITY,
  maxEncryptedDataKeys: false,
}

/** A part with its bytes in hexadecimal and runs of frames taken apart, so that only what was decoded compares. */
export type Seen = Readonly<Record<string, unknown>>

/** The parts of a message given in these chunks, and the code of the error that ended it, if one did. */
export function decodeChunks(
  chunks: Iterable<Uint8Array>,
  limits: DecoderLimits = noLimits,
): { seen: Seen[]; error: string | null } {
  const decoder = new MessageDecoder(limits)
  const seen: Seen[] = []
  try {
    for (const chunk of chunks) {
      decoder.push(chunk)
      for (let part = decoder.next(); part !== null; part = decoder.next()) seen.push(...describe(part))
    }
    decoder.end()
  } catch (error) {
    if (!BongtuError.is(error)) throw error
    return { seen, error: `${error.code}: ${error.message}` }
  }
  return { seen, error: null }
}

export function decode(bytes: Uint8Array, limits: DecoderLimits = noLimits): Seen[] {
  const { seen, error } = decodeChunks([bytes], limits)
  expect(error).toBeNull()
  return seen
}

/** Expects the same refusal whole and byte by byte. */
export function expectRefused(
  bytes: Uint8Array,
  code: ErrorCode,
  text: RegExp,
  limits: DecoderLimits = noLimits,
): void {
  const whole = decodeChunks([bytes], limits)
  expect(whole.error).toMatch(new RegExp(`^${code}: `))
  expect(whole.error).toMatch(text)
  expect(decodeChunks(singleBytes(bytes), limits)).toEqual(whole)
}

export function* singleBytes(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1)
}

/** The input cut at these offsets. */
export function cut(bytes: Uint8Array, offsets: readonly number[]): Uint8Array[] {
  const sorted = [0, ...offsets.map((offset) => Math.min(offset, bytes.length)).sort((a, b) => a - b), bytes.length]
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end))
}

function describe(part: DecodedPart): Seen[] {
  switch (part.type) {
    case 'header':
      return [{ type: part.type, ...readable(part.decoded) }]
    case 'frames':
      return Array.from({ length: part.count }, (_, index) => {
        const stride = part.frameLength + REGULAR_FRAME_OVERHEAD
        const record = part.records.subarray(index * stride, (index + 1) * stride)
        return { type: 'frame', sequence: part.firstSequence + index, record: toHex(record) }
      })
    default:
      return [readable(part)]
  }
}

/** A copy in which byte arrays are hexadecimal text, all the way down. */
function readable(value: object): Seen {
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => [key, readableValue(each)])
  return Object.fromEntries(entries)
}

function readableValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value)
  if (Array.isArray(value)) return value.map(readableValue)
  return typeof value === 'object' && value !== null ? readable(value) : value
}
