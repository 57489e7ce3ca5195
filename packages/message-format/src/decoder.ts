import { decodeFooter, decodeFrames, decodeNonFramedBody } from './body-decoder.ts'
import type { DecodedPart } from './decoded-part.ts'
import { checkDecoderLimits, type DecoderLimits } from './decoder-limits.ts'
import { BongtuError } from './errors.ts'
import { decodeHeader, explainHeaderFailure, isNoMessage, notAMessage } from './header-decoder.ts'
import { Input, type Place } from './input.ts'

/**
 * Divides a message into its parts, whatever the chunks are that it arrives in. It verifies nothing: whoever uses it
 * authenticates each part before trusting it.
 *
 * `push` a chunk, call `next` until it answers `null`, push the next one, and call `end` after the last. The chunk is
 * read in place and must not change before `next` answered `null`. Work is linear in the bytes received and memory is
 * bounded by them and by one record (a header, a frame, a non-framed body), whatever lengths the message announces.
 *
 * `next` throws ERR_MALFORMED, ERR_UNSUPPORTED (an unknown algorithm suite) or ERR_LIMIT, and the same error on every
 * later call. Which error a message gets does not depend on how it was cut into chunks.
 */
export class MessageDecoder {
  readonly #input = new Input()
  readonly #place: Place = { describe: () => 'in its header' }
  readonly #parts: Generator<DecodedPart | null, never, void>
  #failure: { readonly error: unknown } | null = null
  #inHeader = true
  #ended = false
  #done = false

  /** Throws a RangeError for a limit that is no number of at least 1. */
  constructor(limits: DecoderLimits) {
    checkDecoderLimits(limits)
    this.#parts = this.#decode(limits)
  }

  /** Gives the next bytes. Throws a plain Error while the former chunk is not read, or after `end`: a defect of the caller. */
  push(chunk: Uint8Array): void {
    if (Object.prototype.toString.call(chunk) !== '[object Uint8Array]') throw new TypeError('a chunk is a Uint8Array')
    if (this.#ended) throw new Error('push() after end()')
    this.#input.push(chunk)
  }

  /** The next part that is complete, or `null` where more input is needed. */
  next(): DecodedPart | null {
    return this.#guard(() => this.#parts.next().value)
  }

  /** Says that there is no more input. Throws ERR_TRUNCATED, naming where it ended, unless the message is complete. */
  end(): void {
    if (this.#input.unread > 0) throw new Error('take every part with next() until it answers null, then call end()')
    this.#ended = true
    this.#guard(() => {
      if (!this.#done) throw this.#truncated()
    })
  }

  /** Whether the message is complete: its last part was answered. Bytes behind it are still refused. */
  get done(): boolean {
    return this.#done
  }

  *#decode(limits: DecoderLimits): Generator<DecodedPart | null, never, void> {
    const input = this.#input
    const decoded = yield* decodeHeader(input, limits)
    input.release()
    this.#inHeader = false
    yield { type: 'header', decoded }
    const { contentType, frameLength, suite } = decoded.header
    const last = yield* contentType === 'framed'
      ? decodeFrames(input, this.#place, { frameLength, maxFrameLength: limits.maxFrameLength })
      : decodeNonFramedBody(input, this.#place, limits)
    this.#done = suite.signature === null
    yield last
    if (suite.signature !== null) {
      const footer = yield* decodeFooter(input, this.#place, suite.signature)
      this.#done = true
      yield footer
    }
    while (input.unread === 0) yield null
    throw new BongtuError('ERR_MALFORMED', 'the message is malformed: bytes stand behind its end')
  }

  #truncated(): BongtuError {
    if (!this.#input.received) return new BongtuError('ERR_TRUNCATED', 'the input is empty: there is no message in it')
    if (this.#inHeader && isNoMessage(this.#input.gathered)) return notAMessage(this.#input.gathered)
    return new BongtuError(
      'ERR_TRUNCATED',
      `the message ends ${this.#place.describe()}: it was cut off, fetch it again in full`,
    )
  }

  #guard<Result>(action: () => Result): Result {
    if (this.#failure !== null) throw this.#failure.error
    try {
      return action()
    } catch (error) {
      this.#failure = { error: this.#inHeader ? explainHeaderFailure(error, this.#input.gathered) : error }
      throw this.#failure.error
    }
  }
}
