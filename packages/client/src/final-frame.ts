import {
  BongtuError,
  type DecodedHeader,
  FINAL_FRAME_CONTENT_OFFSET,
  FINAL_FRAME_LENGTH_OFFSET,
  FINAL_FRAME_MARKER,
  FINAL_FRAME_OVERHEAD,
  FINAL_FRAME_SEQUENCE_OFFSET,
  frameOffset,
  plaintextLengthOf,
} from '@bongtu/message-format'
import type { BodyPart } from './frame-opener.ts'
import type { RangeSource } from './range-source.ts'

/** Where a final frame stands, going by the length of the message and the frame's own clear numbers. */
export interface FinalFrame {
  readonly offset: number
  readonly sequence: number
  readonly contentLength: number
  /** Bytes of plaintext in the whole message. */
  readonly plaintextLength: number
}

/** Bytes of a footer's own length, before the signature. */
const FOOTER_LENGTH_BYTES = 2

/**
 * Every place where the final frame can stand: one for an unsigned message; for a signed one, whose footer has no fixed
 * length, one for each footer length that fits the bytes. The caller opens them, since only the tag decides.
 */
export async function* finalFrames(
  source: RangeSource,
  decoded: DecodedHeader,
  signal: AbortSignal | undefined,
): AsyncGenerator<FinalFrame> {
  for (const footerLength of await footerLengths(source, decoded, signal)) {
    const frame = frameBefore(source.size - footerLength, decoded)
    if (frame === null) continue
    const clear = await source.read(frame.offset, frame.offset + FINAL_FRAME_CONTENT_OFFSET, signal)
    if (isFinalFrame(clear, frame)) yield frame
  }
}

/** What is to be said where no final frame is found. */
export const cutOrExtended = (): BongtuError =>
  new BongtuError('ERR_MALFORMED', 'the message does not end in a final frame: it was cut or extended')

/** Reads a final frame again. Throws ERR_MALFORMED where it is no longer there. */
export async function readFinalFrame(
  source: RangeSource,
  frame: FinalFrame,
  signal: AbortSignal | undefined,
): Promise<BodyPart> {
  const record = await source.read(frame.offset, frame.offset + FINAL_FRAME_OVERHEAD + frame.contentLength, signal)
  if (!isFinalFrame(record, frame)) throw cutOrExtended()
  return { type: 'final-frame', record, sequence: frame.sequence, contentLength: frame.contentLength }
}

async function footerLengths(
  source: RangeSource,
  { header, length }: DecodedHeader,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const { signature } = header.suite
  if (signature === null) return [0]
  const start = Math.max(length, source.size - FOOTER_LENGTH_BYTES - signature.maxSignatureLength)
  const tail = await source.read(start, source.size, signal)
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length)
  const lengths: number[] = []
  for (let footer = FOOTER_LENGTH_BYTES + 1; footer <= tail.length; footer++) {
    if (view.getUint16(tail.length - footer) === footer - FOOTER_LENGTH_BYTES) lengths.push(footer)
  }
  return lengths
}

function frameBefore(end: number, { header, length }: DecodedHeader): FinalFrame | null {
  try {
    const { regularFrames, finalContentLength, plaintextLength } = plaintextLengthOf(end - length, header.frameLength)
    const sequence = regularFrames + 1
    const offset = length + frameOffset(sequence, header.frameLength)
    return { offset, sequence, contentLength: finalContentLength, plaintextLength }
  } catch (error) {
    if (BongtuError.is(error) || error instanceof RangeError) return null
    throw error
  }
}

function isFinalFrame(record: Uint8Array, { sequence, contentLength }: FinalFrame): boolean {
  const view = new DataView(record.buffer, record.byteOffset, record.length)
  return (
    view.getUint32(0) === FINAL_FRAME_MARKER &&
    view.getUint32(FINAL_FRAME_SEQUENCE_OFFSET) === sequence &&
    view.getUint32(FINAL_FRAME_LENGTH_OFFSET) === contentLength
  )
}
