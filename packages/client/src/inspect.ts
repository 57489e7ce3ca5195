import { TAG_LENGTH } from '@bongtu/crypto'
import { readOptions } from '@bongtu/crypto/options'
import { type DecodedHeader, type Header, NON_FRAMED_LENGTH_OFFSET, NON_FRAMED_OVERHEAD } from '@bongtu/message-format'
import { allowsDecrypt, type CommitmentPolicy, commitmentPolicies } from './commitment-policy.ts'
import { checkLimits, type DecryptLimits } from './decrypt-options.ts'
import { finalFrames } from './final-frame.ts'
import { isRandomAccess, type RandomAccess, type RangeSource, rangeSource } from './range-source.ts'
import { headerOf, readHeader } from './read-header.ts'
import { chunksOf } from './stream-chunks.ts'

/** No limit on frames: of the body, nothing is read but a few numbers. */
export interface InspectOptions extends Partial<Omit<DecryptLimits, 'maxFrameLength'>> {
  readonly signal?: AbortSignal
}

export const inspectOptionNames: readonly string[] = Object.freeze([
  'maxEncryptedDataKeys',
  'maxHeaderLength',
  'signal',
] satisfies (keyof InspectOptions)[])

/** What a message says of itself. No key was used: an attacker can have written every word of it. */
export interface Inspection {
  /** Always false. */
  readonly authenticated: false
  readonly header: Header
  /** Bytes of header, its tag included. */
  readonly headerLength: number
  /** Bytes of the whole message; `null` where a stream was inspected, of which only the header was read. */
  readonly messageLength: number | null
  /** Bytes of plaintext; `null` where they cannot be told. */
  readonly plaintextLength: number | null
  /** `whole` where body and footer have the lengths that a whole message has; `unknown` for a stream. */
  readonly structure: 'whole' | 'cut or extended' | 'unknown'
  /** The commitment policies that read this message. */
  readonly readableUnder: readonly CommitmentPolicy[]
}

/**
 * Reads a header without any key, and for what can be read in parts also whether the ends of the message fit. Nothing in
 * the answer is authenticated. Of a stream it takes the first chunks and cancels the rest.
 */
export async function inspect(
  source: RandomAccess | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>,
  given: InspectOptions = {},
): Promise<Inspection> {
  const options = readOptions('inspect', given, inspectOptionNames)
  const limits = checkLimits(options)
  options.signal?.throwIfAborted()
  if (!isRandomAccess(source)) {
    const decoded = await headerOf(chunksOf(source, options.signal), limits, options.signal)
    return { ...report(decoded), messageLength: null, plaintextLength: null, structure: 'unknown' }
  }
  const from = rangeSource(source)
  const decoded = await readHeader(from, limits, options.signal)
  const plaintextLength = await announcedLength(from, decoded, options.signal)
  const structure = plaintextLength === null ? 'cut or extended' : 'whole'
  return { ...report(decoded), messageLength: from.size, plaintextLength, structure }
}

const report = ({
  header,
  length,
}: DecodedHeader): Pick<Inspection, 'authenticated' | 'header' | 'headerLength' | 'readableUnder'> => ({
  authenticated: false,
  header,
  headerLength: length,
  readableUnder: commitmentPolicies.filter((policy) => allowsDecrypt(policy, header.suite)),
})

async function announcedLength(
  source: RangeSource,
  decoded: DecodedHeader,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  if (decoded.header.contentType === 'non-framed') return nonFramedLength(source, decoded, signal)
  for await (const frame of finalFrames(source, decoded, signal)) return frame.plaintextLength
  return null
}

async function nonFramedLength(
  source: RangeSource,
  { header, length }: DecodedHeader,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  const rest = source.size - length - NON_FRAMED_OVERHEAD
  if (rest < 0) return null
  const start = length + NON_FRAMED_LENGTH_OFFSET
  const field = await source.read(start, start + 8, signal)
  const announced = new DataView(field.buffer, field.byteOffset, 8).getBigUint64(0)
  if (announced > BigInt(rest)) return null
  const plaintextLength = Number(announced)
  const footerStart = start + 8 + plaintextLength + TAG_LENGTH
  return (await footerFits(source, header, footerStart, signal)) ? plaintextLength : null
}

/** Whether exactly the footer that the suite has stands from `start` to the end of the message. */
async function footerFits(
  source: RangeSource,
  { suite }: Header,
  start: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const length = source.size - start
  if (suite.signature === null) return length === 0
  if (length <= 2 || length > 2 + suite.signature.maxSignatureLength) return false
  const [high = 0, low = 0] = await source.read(start, start + 2, signal)
  return high * 0x100 + low === length - 2
}
