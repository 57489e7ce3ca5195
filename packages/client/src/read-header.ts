import { BongtuError, type DecodedHeader, MessageDecoder } from '@bongtu/message-format'
import type { DecryptLimits } from './decrypt-options.ts'
import type { RangeSource } from './range-source.ts'

/** Most headers fit; longer ones take further reads, each twice as long. */
const FIRST_READ = 4096

/** Reads and decodes the header, and as little else as possible. Nothing in it is authenticated. */
export async function readHeader(
  source: RangeSource,
  limits: DecryptLimits,
  signal: AbortSignal | undefined,
): Promise<DecodedHeader> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let start = 0, length = FIRST_READ; start < source.size; start += length, length *= 2) {
      yield await source.read(start, Math.min(start + length, source.size), signal)
    }
  }
  return headerOf(chunks(), limits, signal)
}

/** Decodes the header from the first chunks of a message, and takes no more of them than it needs. */
export async function headerOf(
  chunks: AsyncIterable<Uint8Array>,
  limits: DecryptLimits,
  signal: AbortSignal | undefined,
): Promise<DecodedHeader> {
  const decoder = new MessageDecoder(limits)
  for await (const chunk of chunks) {
    signal?.throwIfAborted()
    decoder.push(chunk)
    const part = decoder.next()
    if (part?.type === 'header') return part.decoded
  }
  decoder.end()
  throw new BongtuError('ERR_TRUNCATED', 'the message ends before its header does')
}
