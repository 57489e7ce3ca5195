import { readUint16, readUint32, readUint64 } from './bytes.ts'
import type { DecodedPart } from './decoded-part.ts'
import type { DecoderLimits } from './decoder-limits.ts'
import { BongtuError } from './errors.ts'
import {
  FINAL_FRAME_CONTENT_OFFSET,
  FINAL_FRAME_LENGTH_OFFSET,
  FINAL_FRAME_MARKER,
  FINAL_FRAME_OVERHEAD,
  FINAL_FRAME_SEQUENCE_OFFSET,
  MAX_FRAMES,
  MAX_NON_FRAMED_LENGTH,
  NON_FRAMED_CONTENT_OFFSET,
  NON_FRAMED_LENGTH_OFFSET,
  NON_FRAMED_OVERHEAD,
  REGULAR_FRAME_OVERHEAD,
} from './frame.ts'
import type { Input, Place } from './input.ts'
import type { SuiteSignature } from './suites.ts'

/** Gives parts as they complete, `null` where more input is needed, and returns the part that ends it. */
export type Parts = Generator<DecodedPart | null, DecodedPart, void>

/** What the header states, and what the reader allows, both in bytes of content. */
export interface FrameLengths {
  readonly frameLength: number
  readonly maxFrameLength: number
}

/**
 * Reads regular frames and the final one (message-body.md). `sequence` is the number of the first frame: 1 in every
 * message. The limit is on what a frame announces, not on the header's frame length: writers set that as high as they like
 * for a message of one short frame.
 */
export function* decodeFrames(
  input: Input,
  place: Place,
  { frameLength, maxFrameLength }: FrameLengths,
  sequence = 1,
): Parts {
  const stride = frameLength + REGULAR_FRAME_OVERHEAD
  let next = sequence
  place.describe = () => `in frame ${next}`
  for (;;) {
    const run = frameLength > maxFrameLength ? null : input.takeRun(stride, next, MAX_FRAMES - next)
    if (run !== null) {
      const firstSequence = next
      next += run.count
      yield { type: 'frames', ...run, firstSequence, frameLength }
      continue
    }
    const start = input.peek(4)
    if (start === null) {
      yield null
      continue
    }
    const number = readUint32(start, 0)
    if (number === FINAL_FRAME_MARKER) return yield* decodeFinalFrame(input, { frameLength, maxFrameLength }, next)
    expectSequence(number, next)
    requireAllowed(`frame ${next}`, frameLength, maxFrameLength)
    const record = yield* take(input, stride, FINAL_FRAME_OVERHEAD + frameLength)
    yield { type: 'frames', records: record, count: 1, firstSequence: next++, frameLength }
  }
}

function* decodeFinalFrame(input: Input, { frameLength, maxFrameLength }: FrameLengths, sequence: number): Parts {
  const start = yield* peek(input, FINAL_FRAME_CONTENT_OFFSET)
  expectSequence(readUint32(start, FINAL_FRAME_SEQUENCE_OFFSET), sequence)
  const contentLength = readUint32(start, FINAL_FRAME_LENGTH_OFFSET)
  if (contentLength > frameLength) {
    throw malformed(`its final frame announces ${contentLength} bytes, more than the frame length of ${frameLength}`)
  }
  requireAllowed('the final frame', contentLength, maxFrameLength)
  const record = yield* take(input, FINAL_FRAME_OVERHEAD + contentLength)
  return { type: 'final-frame', record, sequence, contentLength }
}

/** Reads a non-framed body (message-body.md), which is one record: none of it is plaintext before its tag. */
export function* decodeNonFramedBody(input: Input, place: Place, limits: DecoderLimits): Parts {
  place.describe = () => 'in its non-framed body'
  const start = yield* peek(input, NON_FRAMED_CONTENT_OFFSET)
  const contentLength = readUint64(start, NON_FRAMED_LENGTH_OFFSET)
  if (contentLength > MAX_NON_FRAMED_LENGTH) {
    throw malformed(`its non-framed body announces more than ${MAX_NON_FRAMED_LENGTH} bytes`)
  }
  requireAllowed('the non-framed body', contentLength, limits.maxFrameLength)
  const record = yield* take(input, NON_FRAMED_OVERHEAD + contentLength)
  return { type: 'non-framed-body', record, contentLength }
}

/** Reads the footer of a signed message (message-footer.md). DER has no fixed length, so that only a bound is known. */
export function* decodeFooter(input: Input, place: Place, { maxSignatureLength }: SuiteSignature): Parts {
  place.describe = () => 'in its footer, the signature'
  const length = readUint16(yield* peek(input, 2), 0)
  if (length === 0 || length > maxSignatureLength) {
    throw malformed(`its footer announces a signature of ${length} bytes where it has 1 to ${maxSignatureLength}`)
  }
  const bytes = (yield* take(input, 2 + length)).slice()
  return { type: 'footer', signature: bytes.subarray(2), bytes }
}

function* peek(input: Input, length: number): Generator<null, Uint8Array, void> {
  let bytes = input.peek(length)
  while (bytes === null) {
    yield null
    bytes = input.peek(length)
  }
  return bytes
}

function* take(input: Input, length: number, bound: number = length): Generator<null, Uint8Array, void> {
  let bytes = input.take(length, bound)
  while (bytes === null) {
    yield null
    bytes = input.take(length, bound)
  }
  return bytes
}

function expectSequence(found: number, expected: number): void {
  if (found === expected) return
  throw malformed(`frame ${found} stands where frame ${expected} must: frames were dropped, repeated or reordered`)
}

function requireAllowed(what: string, contentLength: number, limit: number): void {
  if (contentLength <= limit) return
  throw new BongtuError(
    'ERR_LIMIT',
    `${what} has ${contentLength} bytes, which must be held at once, and the limit is ${limit}: raise maxFrameLength if you have the memory for it`,
  )
}

function malformed(why: string): BongtuError {
  return new BongtuError('ERR_MALFORMED', `the message is malformed: ${why}`)
}
