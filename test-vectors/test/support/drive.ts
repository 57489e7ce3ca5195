import { BongtuError, type DecryptOptions, decrypt, type OpenedMessage } from '@bongtu/client'
import { decryptCore } from '@bongtu/client/push'

/** What came of a message: what was released, and either what opened it or why it was refused. */
export interface Outcome {
  readonly released: Uint8Array
  readonly opened?: OpenedMessage
  readonly code?: string
}

/** The same bytes as a view that neither begins nor ends with its buffer. */
export function offsetView(bytes: Uint8Array): Uint8Array {
  const around = new Uint8Array(bytes.length + 9).fill(0xee)
  around.set(bytes, 5)
  return around.subarray(5, 5 + bytes.length)
}

/** In one call, which releases everything or nothing. */
export async function inOneCall(message: Uint8Array, options: DecryptOptions): Promise<Outcome> {
  try {
    const { plaintext, ...opened } = await decrypt(message, options)
    return { released: plaintext, opened }
  } catch (error) {
    return { released: new Uint8Array(0), code: codeOf(error) }
  }
}

/** As a stream, in chunks that end at these places. Each chunk is overwritten as soon as it was taken. */
export async function inChunks(
  message: Uint8Array,
  ends: readonly number[],
  options: DecryptOptions,
): Promise<Outcome> {
  const released: Uint8Array[] = []
  let opened: OpenedMessage | undefined
  const core = decryptCore(options, (header) => {
    opened = header
  })
  const emit = (bytes: Uint8Array): void => void released.push(Uint8Array.from(bytes))
  let refusal: string | undefined
  try {
    let start = 0
    for (const end of [...ends, message.length]) {
      const chunk = offsetView(message.subarray(start, end))
      const pushed = core.push(chunk, emit)
      if (pushed instanceof Promise) await pushed
      chunk.fill(0xdd)
      start = end
    }
    await core.finish(emit)
  } catch (error) {
    refusal = codeOf(error)
  } finally {
    core.destroy()
  }
  const outcome = { released: Uint8Array.from(Buffer.concat(released)) }
  if (refusal !== undefined) return { ...outcome, code: refusal }
  return opened === undefined ? outcome : { ...outcome, opened }
}

/** A vector is refused by a code; anything else is a defect and fails its test. */
function codeOf(error: unknown): string {
  if (BongtuError.is(error)) return error.code
  throw error
}

/** Every way to cut a message that tells something: whole, byte by byte, at every boundary at once. */
export function cuttings(message: Uint8Array, boundaries: readonly number[]): readonly (readonly number[])[] {
  return [[], Array.from({ length: Math.max(message.length - 1, 0) }, (_, at) => at + 1), boundaries]
}
