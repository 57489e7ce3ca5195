import type { AesGcm, Awaitable } from '@bongtu/crypto'
import {
  BongtuError,
  FINAL_FRAME_OVERHEAD,
  MAX_FRAMES,
  REGULAR_FRAME_OVERHEAD,
  writeFinalFrameHeader,
  writeRegularFrameHeader,
} from '@bongtu/message-format'
import { andThen } from './awaitable.ts'
import { frameBatch } from './frame-batch.ts'
import { GrowingBuffer } from './growing-buffer.ts'

/** Gives the buffer that a result of exactly `length` bytes is written to. */
export type Allocate = (length: number) => Uint8Array<ArrayBuffer>

const NOTHING: Uint8Array<ArrayBuffer> = new Uint8Array(0)
/** The number of the last possible frame is the final frame's marker: a regular frame cannot have it. */
const MAX_REGULAR_FRAMES = MAX_FRAMES - 1

/**
 * Turns plaintext into sealed frames. It holds back up to one frame of plaintext, since only the end shows which frame is
 * the final one: a message whose length is a multiple of the frame length ends in a full final frame, not in an empty one.
 * The sequence number, and with it every initialisation vector, is counted here and nowhere else.
 */
export class FrameSealer {
  readonly #aead: AesGcm
  readonly #messageId: Uint8Array
  readonly #frameLength: number
  readonly #held: GrowingBuffer
  #sequence = 1

  constructor(aead: AesGcm, messageId: Uint8Array, frameLength: number) {
    this.#aead = aead
    this.#messageId = messageId
    this.#frameLength = frameLength
    this.#held = new GrowingBuffer(frameLength)
  }

  /** Seals every frame that is sure not to be the last. The chunk may be reused once the result is there. */
  push(chunk: Uint8Array, allocate: Allocate): Awaitable<Uint8Array<ArrayBuffer>> {
    const frames = Math.ceil((this.#held.length + chunk.length) / this.#frameLength) - 1
    if (frames <= 0) {
      this.#held.append(chunk)
      return NOTHING
    }
    const first = this.#take(frames, MAX_REGULAR_FRAMES)
    const stride = this.#frameLength + REGULAR_FRAME_OVERHEAD
    const records = allocate(frames * stride)
    for (let i = 0; i < frames; i++) writeRegularFrameHeader(records, i * stride, first + i)
    const head = this.#held.length === 0 ? 0 : this.#frameLength - this.#held.length
    return andThen(this.#sealHeld(chunk.subarray(0, head), records, first), (sealed) => {
      const end = head + (frames - sealed) * this.#frameLength
      const rest = this.#seal(chunk.subarray(head, end), records.subarray(sealed * stride), first + sealed)
      return andThen(rest, () => {
        this.#held.append(chunk.subarray(end))
        return records
      })
    })
  }

  /**
   * Seals what was held back as the final frame, which is empty where no plaintext came. `last` is plaintext that was not
   * pushed and that this frame has room for: a message of one frame needs no copy of it.
   */
  finish(allocate: Allocate, last: Uint8Array = NOTHING): Awaitable<Uint8Array<ArrayBuffer>> {
    if (this.#held.length > 0) this.#held.append(last)
    const plaintext = this.#held.length > 0 ? this.#held.bytes : last
    const contentLength = plaintext.length
    const firstSequence = this.#take(1, MAX_FRAMES)
    const records = allocate(contentLength + FINAL_FRAME_OVERHEAD)
    writeFinalFrameHeader(records, 0, firstSequence, contentLength)
    const run = { kind: 'final-frame', count: 1, contentLength, firstSequence, records, plaintext } as const
    return andThen(this.#aead.sealFrames(frameBatch(this.#messageId, run)), () => {
      this.destroy()
      return records
    })
  }

  /** Forgets the plaintext that is held back. */
  destroy(): void {
    this.#held.wipe()
  }

  /** message-body.md: at most 2^32-1 frames, so that no initialisation vector ever repeats. */
  #take(frames: number, last: number): number {
    const first = this.#sequence
    if (first + frames - 1 > last) {
      throw new BongtuError('ERR_LIMIT', `a message has at most ${MAX_FRAMES} frames; choose a larger frameLength`)
    }
    this.#sequence += frames
    return first
  }

  /** Fills the held frame with the head of a chunk and seals it. Answers how many frames that were: none or one. */
  #sealHeld(head: Uint8Array, records: Uint8Array, sequence: number): Awaitable<number> {
    if (this.#held.length === 0) return 0
    this.#held.append(head)
    return andThen(this.#seal(this.#held.bytes, records, sequence), () => {
      this.#held.clear()
      return 1
    })
  }

  #seal(plaintext: Uint8Array, records: Uint8Array, firstSequence: number): Awaitable<void> {
    const contentLength = this.#frameLength
    const count = plaintext.length / contentLength
    if (count === 0) return
    const run = { kind: 'frame', count, contentLength, firstSequence, records, plaintext } as const
    return this.#aead.sealFrames(frameBatch(this.#messageId, run))
  }
}
