import type { AesGcm, Awaitable } from '@bongtu/crypto'
import { authenticationFailed, type BodyKind, type DecodedPart } from '@bongtu/message-format'
import { andThen } from './awaitable.ts'
import { type FrameRun, frameBatch, sealedRecord } from './frame-batch.ts'

/** A part of the body: everything that a decoder finds between header and footer. */
export type BodyPart = Exclude<DecodedPart, { type: 'header' } | { type: 'footer' }>

/**
 * Says where a plaintext of exactly `length` bytes goes; `null` for anywhere, which spares a copy where it comes from one
 * record. With `last`, no plaintext follows it.
 */
export type Place = (length: number, last: boolean) => Uint8Array<ArrayBuffer> | null

/** A place of its own for each. */
export const anywhere: Place = () => null

const contentOf: Readonly<Record<BodyPart['type'], BodyKind>> = {
  frames: 'frame',
  'final-frame': 'final-frame',
  'non-framed-body': 'non-framed',
}

/** Bytes of plaintext in a part. */
export const plaintextLengthOfPart = (part: BodyPart): number =>
  part.type === 'frames' ? part.count * part.frameLength : part.contentLength

/** The received bytes of a part: what a signature covers. */
export const recordsOf = (part: BodyPart): Uint8Array => (part.type === 'frames' ? part.records : part.record)

/** Opens every record of a part into one buffer. Throws ERR_AUTHENTICATION unless all of them verify. */
export function openPart(
  aead: AesGcm,
  messageId: Uint8Array,
  part: BodyPart,
  place: Place,
): Awaitable<Uint8Array<ArrayBuffer>> {
  const length = plaintextLengthOfPart(part)
  const placed = place(length, part.type !== 'frames')
  const run: Omit<FrameRun, 'plaintext'> = {
    kind: contentOf[part.type],
    count: part.type === 'frames' ? part.count : 1,
    contentLength: part.type === 'frames' ? part.frameLength : part.contentLength,
    // message-body-aad.md: a non-framed body counts as number 1.
    firstSequence: part.type === 'frames' ? part.firstSequence : part.type === 'final-frame' ? part.sequence : 1,
    records: recordsOf(part),
  }
  if (placed === null && run.count === 1) {
    const { iv, sealed, aad } = sealedRecord(messageId, run)
    return andThen(aead.open(iv, sealed, aad), (plaintext) => plaintext ?? refuse())
  }
  const plaintext = placed ?? new Uint8Array(length)
  return andThen(aead.openFrames(frameBatch(messageId, { ...run, plaintext })), (verified) => {
    if (verified === run.count) return plaintext
    plaintext.fill(0)
    return refuse()
  })
}

function refuse(): never {
  throw authenticationFailed()
}
