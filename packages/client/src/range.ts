import { wholeNumber } from '@bongtu/crypto/options'
import {
  authenticationFailed,
  BongtuError,
  type DecodedHeader,
  frameOffset,
  REGULAR_FRAME_OVERHEAD,
} from '@bongtu/message-format'
import {
  type CheckedDecryptOptions,
  checkDecryptOptions,
  type DecryptLimits,
  type DecryptOptions,
  partialDecryptOptionNames,
} from './decrypt-options.ts'
import { type DecryptionKeys, decryptionKeys } from './decryption-keys.ts'
import { cutOrExtended, type FinalFrame, finalFrames, readFinalFrame } from './final-frame.ts'
import { anywhere, type BodyPart, openPart } from './frame-opener.ts'
import type { OpenedMessage } from './message-reader.ts'
import { nextTask, PACE_BYTES } from './pace.ts'
import { type RandomAccess, type RangeSource, rangeSource } from './range-source.ts'
import { readHeader } from './read-header.ts'

/** A message opened at both ends, of which any part can be read. */
export interface OpenedRange extends OpenedMessage {
  /** Bytes of plaintext in the whole message. */
  readonly plaintextLength: number
  /** The plaintext from `start` to `end`, `end` exclusive and by default `plaintextLength`. Throws a RangeError outside of that. */
  read(start: number, end?: number): Promise<Uint8Array<ArrayBuffer>>
}

/**
 * Opens a framed message for reading parts of it, from a file, a buffer, or anything that reads ranges. The header and the
 * final frame are read and authenticated at once, so that a message that was cut shows; then only the frames that a
 * `read` touches. A signature can never be verified this way: signed messages need `unverified: 'release'`.
 */
export async function openRange(source: RandomAccess, options: DecryptOptions): Promise<OpenedRange> {
  const checked = checkDecryptOptions('openRange', options, partialDecryptOptionNames, 'refuse')
  const from = rangeSource(source)
  const decoded = await readHeader(from, checked.limits, checked.signal)
  requireReadable(checked, decoded)
  const keys = await decryptionKeys(checked, decoded)
  const final = await authenticFinalFrame(from, checked, decoded, keys)
  const { header } = decoded
  const { plaintextLength } = final
  if (plaintextLength > checked.maxPlaintextLength) {
    throw new BongtuError(
      'ERR_LIMIT',
      `the plaintext is longer than maxPlaintextLength, ${checked.maxPlaintextLength} bytes`,
    )
  }
  const { encryptionContext, encryptedDataKey, dataKeyCached } = keys
  const opened: OpenedMessage = { header, encryptionContext, encryptedDataKey, dataKeyCached }
  const read = async (start: number, end: number = plaintextLength): Promise<Uint8Array<ArrayBuffer>> => {
    wholeNumber('end', end, 0, plaintextLength)
    wholeNumber('start', start, 0, end)
    const output = new Uint8Array(end - start)
    for await (const { position, plaintext } of parts(from, checked, decoded, keys, final, start, end)) {
      const first = Math.max(start - position, 0)
      output.set(plaintext.subarray(first, end - position), position + first - start)
    }
    return output
  }
  return { ...opened, plaintextLength, read }
}

function requireReadable({ unverified }: CheckedDecryptOptions, { header }: DecodedHeader): void {
  if (header.contentType !== 'framed') {
    throw new BongtuError('ERR_UNSUPPORTED', 'only framed messages can be read in parts; decrypt this one whole')
  }
  if (header.suite.signature !== null && unverified === 'refuse') {
    throw new BongtuError(
      'ERR_POLICY',
      "the message is signed, and reading parts of it never verifies its signature; pass unverified: 'release' or decrypt it whole",
    )
  }
}

async function authenticFinalFrame(
  source: RangeSource,
  { signal, limits }: CheckedDecryptOptions,
  decoded: DecodedHeader,
  { aead }: DecryptionKeys,
): Promise<FinalFrame> {
  let found = false
  for await (const frame of finalFrames(source, decoded, signal)) {
    found = true
    requireFramesAllowed(limits, decoded, frame)
    try {
      await openPart(aead, decoded.header.messageId, await readFinalFrame(source, frame, signal), anywhere)
      return frame
    } catch (error) {
      if (!BongtuError.is(error, 'ERR_AUTHENTICATION')) throw error
    }
  }
  throw found ? authenticationFailed() : cutOrExtended()
}

function requireFramesAllowed({ maxFrameLength }: DecryptLimits, { header }: DecodedHeader, final: FinalFrame): void {
  const longest = final.sequence > 1 ? header.frameLength : final.contentLength
  if (longest > maxFrameLength) {
    throw new BongtuError('ERR_LIMIT', `a frame has ${longest} bytes, and maxFrameLength is ${maxFrameLength}`)
  }
}

/** The verified plaintext of every frame from `start` to `end`, in runs of about one MiB. */
async function* parts(
  source: RangeSource,
  { signal }: CheckedDecryptOptions,
  decoded: DecodedHeader,
  { aead }: DecryptionKeys,
  final: FinalFrame,
  start: number,
  end: number,
): AsyncGenerator<{ position: number; plaintext: Uint8Array }> {
  const { frameLength, messageId } = decoded.header
  const most = Math.max(1, Math.floor(PACE_BYTES / (frameLength + REGULAR_FRAME_OVERHEAD)))
  if (start === end) return
  for (let position = start - (start % frameLength); position < end; ) {
    signal?.throwIfAborted()
    const sequence = position / frameLength + 1
    const wanted = Math.ceil((end - position) / frameLength)
    const part =
      sequence === final.sequence
        ? await readFinalFrame(source, final, signal)
        : await readFrames(source, decoded, sequence, Math.min(most, wanted, final.sequence - sequence), signal)
    const plaintext = await openPart(aead, messageId, part, anywhere)
    yield { position, plaintext }
    position += plaintext.length
    if (position < end) await nextTask()
  }
}

async function readFrames(
  source: RangeSource,
  { header, length }: DecodedHeader,
  firstSequence: number,
  count: number,
  signal: AbortSignal | undefined,
): Promise<BodyPart> {
  const { frameLength } = header
  const stride = frameLength + REGULAR_FRAME_OVERHEAD
  const start = length + frameOffset(firstSequence, frameLength)
  const records = await source.read(start, start + count * stride, signal)
  const view = new DataView(records.buffer, records.byteOffset, records.length)
  for (let i = 0; i < count; i++) {
    if (view.getUint32(i * stride) === firstSequence + i) continue
    throw new BongtuError(
      'ERR_MALFORMED',
      `frame ${firstSequence + i} is not where it belongs: the message was altered`,
    )
  }
  return { type: 'frames', records, count, firstSequence, frameLength }
}
