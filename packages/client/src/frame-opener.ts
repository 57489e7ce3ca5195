import type { AesGcm, Awaitable } from '@bongtu/crypto'
import { authenticationFailed, type BodyKind, type DecodedPart } from '@bongtu/message-format'
import { andThen } from './awaitable.ts'
import { type FrameRun, frameBatch } from './frame-batch.ts'
import type { Allocate } from './frame-sealer.ts'

/** A part of the body: everything that a decoder finds between header and footer. */
export type BodyPart = Exclude<DecodedPart, { type: 'header' } | { type: 'footer' }>

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
  allocate: Allocate,
): Awaitable<Uint8Array> {
  const plaintext = allocate(plaintextLengthOfPart(part))
  const run: FrameRun = {
    kind: contentOf[part.type],
    count: part.type === 'frames' ? part.count : 1,
    contentLength: part.type === 'frames' ? part.frameLength : part.contentLength,
    // message-body-aad.md: a non-framed body counts as number 1.
    firstSequence: part.type === 'frames' ? part.firstSequence : part.type === 'final-frame' ? part.sequence : 1,
    records: recordsOf(part),
    plaintext,
  }
  return andThen(aead.openFrames(frameBatch(messageId, run)), (verified) => {
    if (verified === run.count) return plaintext
    plaintext.fill(0)
    throw authenticationFailed()
  })
}
