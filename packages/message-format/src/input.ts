import { readUint32 } from './bytes.ts'

/** Room for most headers at once. */
const SMALLEST_BUFFER = 1024

/**
 * The bytes a decoder has been given and not yet read: one chunk of the caller's, and before it the beginning of a
 * record that earlier chunks left incomplete. The buffer for the latter grows with what was received, at most to twice
 * as much, and never because of a length that a message announces. It is kept for the next record.
 */
export class Input {
  #chunk: Uint8Array = new Uint8Array(0)
  #position = 0
  #buffer: Uint8Array = new Uint8Array(0)
  #gathered = 0
  #received = false

  push(chunk: Uint8Array): void {
    if (this.unread > 0) throw new Error('take every part with next() until it answers null, then push the next chunk')
    this.#chunk = chunk
    this.#position = 0
    this.#received ||= chunk.length > 0
  }

  /** Bytes of the chunk that are not read. */
  get unread(): number {
    return this.#chunk.length - this.#position
  }

  /** Whether there was any byte at all. */
  get received(): boolean {
    return this.#received
  }

  /** What was gathered of the record that is under way. */
  get gathered(): Uint8Array {
    return this.#buffer.subarray(0, this.#gathered)
  }

  /** The first `length` bytes of the record, in one piece: a view of the chunk where it holds them all, else gathered. */
  peek(length: number, bound: number = length): Uint8Array | null {
    if (this.#gathered === 0 && this.unread >= length) {
      return this.#chunk.subarray(this.#position, this.#position + length)
    }
    return this.gather(length, bound)
  }

  /**
   * The first `length` bytes of the record, gathered in memory of the decoder's own. `bound` is the length that the
   * record may come to have: the buffer never grows over it.
   */
  gather(length: number, bound: number = length): Uint8Array | null {
    const missing = Math.min(length - this.#gathered, this.unread)
    if (missing > 0) {
      this.#reserve(this.#gathered + missing, bound)
      this.#buffer.set(this.#chunk.subarray(this.#position, this.#position + missing), this.#gathered)
      this.#gathered += missing
      this.#position += missing
    }
    return this.#gathered < length ? null : this.#buffer.subarray(0, length)
  }

  /** As `peek`, and what is answered is read: the next record follows. The view holds until the next call. */
  take(length: number, bound: number = length): Uint8Array | null {
    const record = this.peek(length, bound)
    if (record === null) return null
    if (this.#gathered === 0) this.#position += length
    this.#gathered = 0
    return record
  }

  /**
   * Reads all complete records of `stride` bytes at the front of the chunk, as one view of it, that begin with the
   * numbers `first`, `first` + 1 and so on; at most `most` of them, and none while a record is being gathered.
   */
  takeRun(stride: number, first: number, most: number): { records: Uint8Array; count: number } | null {
    if (this.#gathered > 0) return null
    const chunk = this.#chunk
    const fitting = Math.min(most, Math.floor(this.unread / stride))
    let count = 0
    while (count < fitting && readUint32(chunk, this.#position + count * stride) === first + count) count++
    if (count === 0) return null
    const start = this.#position
    this.#position += count * stride
    return { records: chunk.subarray(start, this.#position), count }
  }

  /** Lets go of the buffer, of which the next records may need less. */
  release(): void {
    this.#buffer = new Uint8Array(0)
    this.#gathered = 0
  }

  #reserve(needed: number, bound: number): void {
    if (needed <= this.#buffer.length) return
    const grown = new Uint8Array(Math.max(SMALLEST_BUFFER, Math.min(2 * needed, bound)))
    grown.set(this.gathered)
    this.#buffer = grown
  }
}

/** Which part of the message the decoder reads, for the error that says where it ended. */
export interface Place {
  describe: () => string
}
