import { type FrameBatch, IV_LENGTH, TAG_LENGTH } from '@bongtu/crypto'
import {
  type BodyKind,
  bodyAad,
  bodyAadCounterOffset,
  FINAL_FRAME_CONTENT_OFFSET,
  FINAL_FRAME_IV_OFFSET,
  FINAL_FRAME_OVERHEAD,
  NON_FRAMED_CONTENT_OFFSET,
  NON_FRAMED_IV_OFFSET,
  NON_FRAMED_OVERHEAD,
  REGULAR_FRAME_CONTENT_OFFSET,
  REGULAR_FRAME_IV_OFFSET,
  REGULAR_FRAME_OVERHEAD,
} from '@bongtu/message-format'

interface RecordLayout {
  readonly overhead: number
  readonly ivOffset: number
  readonly contentOffset: number
}

/** Where things stand in each kind of body record (message-body.md). */
const layouts: Readonly<Record<BodyKind, RecordLayout>> = {
  frame: {
    overhead: REGULAR_FRAME_OVERHEAD,
    ivOffset: REGULAR_FRAME_IV_OFFSET,
    contentOffset: REGULAR_FRAME_CONTENT_OFFSET,
  },
  'final-frame': {
    overhead: FINAL_FRAME_OVERHEAD,
    ivOffset: FINAL_FRAME_IV_OFFSET,
    contentOffset: FINAL_FRAME_CONTENT_OFFSET,
  },
  'non-framed': {
    overhead: NON_FRAMED_OVERHEAD,
    ivOffset: NON_FRAMED_IV_OFFSET,
    contentOffset: NON_FRAMED_CONTENT_OFFSET,
  },
}

/** A run of records of one kind, next to the plaintext that they hold. */
export interface FrameRun {
  readonly kind: BodyKind
  readonly count: number
  readonly contentLength: number
  readonly firstSequence: number
  readonly records: Uint8Array
  readonly plaintext: Uint8Array
}

/** What the engine needs to seal or open a run: the format's offsets, and the additional data of its first record. */
export function frameBatch(messageId: Uint8Array, run: FrameRun): FrameBatch {
  const { kind, count, contentLength, firstSequence, records, plaintext } = run
  const { overhead, ivOffset, contentOffset } = layouts[kind]
  return {
    count,
    contentLength,
    records,
    recordStride: contentLength + overhead,
    ivOffset,
    contentOffset,
    plaintext,
    aad: bodyAad(messageId, kind, firstSequence, contentLength),
    aadCounterOffset: bodyAadCounterOffset(messageId, kind),
    firstCounter: firstSequence,
  }
}

/** One record by itself: what an engine opens without a place for the plaintext. */
export interface SealedRecord {
  readonly iv: Uint8Array
  /** The ciphertext and its tag. */
  readonly sealed: Uint8Array
  readonly aad: Uint8Array
}

/** The first record of a run. */
export function sealedRecord(messageId: Uint8Array, run: Omit<FrameRun, 'plaintext'>): SealedRecord {
  const { kind, contentLength, firstSequence, records } = run
  const { ivOffset, contentOffset } = layouts[kind]
  return {
    iv: records.subarray(ivOffset, ivOffset + IV_LENGTH),
    sealed: records.subarray(contentOffset, contentOffset + contentLength + TAG_LENGTH),
    aad: bodyAad(messageId, kind, firstSequence, contentLength),
  }
}
