import { writeUint32, writeUint64 } from './bytes.ts'

/** Bytes of every initialisation vector and of every tag in the format. */
export const IV_BYTES = 12
export const TAG_BYTES = 16

/** The number that stands in place of a sequence number where the final frame begins (message-body.md). */
export const FINAL_FRAME_MARKER = 0xffffffff
/** Frames of one message, the final one included. The last sequence number can therefore only be a final frame's. */
export const MAX_FRAMES = 0xffffffff
/** The largest frame length that the header can state, in bytes. */
export const MAX_FRAME_LENGTH = 0xffffffff
/** The longest content of a non-framed body, in bytes: AES-GCM's own bound (message-body.md). */
export const MAX_NON_FRAMED_LENGTH: number = 2 ** 36 - 32

/** Regular frame: sequence(4) ‖ iv(12) ‖ content ‖ tag(16). */
export const REGULAR_FRAME_OVERHEAD = 32
export const REGULAR_FRAME_IV_OFFSET = 4
export const REGULAR_FRAME_CONTENT_OFFSET = 16

/** Final frame: FFFFFFFF ‖ sequence(4) ‖ iv(12) ‖ length(4) ‖ content ‖ tag(16). */
export const FINAL_FRAME_OVERHEAD = 40
export const FINAL_FRAME_SEQUENCE_OFFSET = 4
export const FINAL_FRAME_IV_OFFSET = 8
export const FINAL_FRAME_LENGTH_OFFSET = 20
export const FINAL_FRAME_CONTENT_OFFSET = 24

/** Non-framed body: iv(12) ‖ length(8) ‖ content ‖ tag(16). */
export const NON_FRAMED_OVERHEAD = 36
export const NON_FRAMED_IV_OFFSET = 0
export const NON_FRAMED_LENGTH_OFFSET = 12
export const NON_FRAMED_CONTENT_OFFSET = 20

/** Writes sequence ‖ iv, 16 bytes. The iv of a frame is its sequence number, padded with zeros on the left. */
export function writeRegularFrameHeader(target: Uint8Array, offset: number, sequence: number): void {
  writeUint32(target, offset, sequence)
  writeIv(target, offset + REGULAR_FRAME_IV_OFFSET, sequence)
}

/** Writes marker ‖ sequence ‖ iv ‖ length, 24 bytes. */
export function writeFinalFrameHeader(
  target: Uint8Array,
  offset: number,
  sequence: number,
  contentLength: number,
): void {
  writeUint32(target, offset, FINAL_FRAME_MARKER)
  writeUint32(target, offset + FINAL_FRAME_SEQUENCE_OFFSET, sequence)
  writeIv(target, offset + FINAL_FRAME_IV_OFFSET, sequence)
  writeUint32(target, offset + FINAL_FRAME_LENGTH_OFFSET, contentLength)
}

function writeIv(target: Uint8Array, offset: number, sequence: number): void {
  target.fill(0, offset, offset + IV_BYTES - 4)
  writeUint32(target, offset + IV_BYTES - 4, sequence)
}

export type BodyKind = 'frame' | 'final-frame' | 'non-framed'

const ascii = new TextEncoder()

/** message-body-aad.md: what tells the three kinds of body apart in the additional data. */
const labels: Readonly<Record<BodyKind, Uint8Array>> = {
  frame: ascii.encode('AWSKMSEncryptionClient Frame'),
  'final-frame': ascii.encode('AWSKMSEncryptionClient Final Frame'),
  'non-framed': ascii.encode('AWSKMSEncryptionClient Single Block'),
}

/**
 * The additional data of one body record: messageId ‖ label ‖ sequence(4) ‖ contentLength(8). A regular frame's content
 * length is the frame length; a non-framed body has sequence number 1. For a run of frames, one buffer serves: the
 * sequence number stands at `bodyAadCounterOffset`.
 */
export function bodyAad(messageId: Uint8Array, kind: BodyKind, sequence: number, contentLength: number): Uint8Array {
  const label = labels[kind]
  const counterOffset = messageId.length + label.length
  const aad = new Uint8Array(counterOffset + 12)
  aad.set(messageId)
  aad.set(label, messageId.length)
  writeUint32(aad, counterOffset, sequence)
  writeUint64(aad, counterOffset + 4, contentLength)
  return aad
}

/** Where the four bytes of the sequence number stand in `bodyAad`. */
export function bodyAadCounterOffset(messageId: Uint8Array, kind: BodyKind): number {
  return messageId.length + labels[kind].length
}
