/** Collects bytes up to a bound, taking memory in proportion to what came, never to the bound. */
export class GrowingBuffer {
  readonly #bound: number
  #bytes = new Uint8Array(0)
  #length = 0

  /** `bound`: the most bytes that it will ever hold. */
  constructor(bound: number) {
    this.#bound = bound
  }

  get length(): number {
    return this.#length
  }

  /** A view of what is held, valid until the next call. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Copies `more` to the end. */
  append(more: Uint8Array): void {
    const length = this.#length + more.length
    if (length > this.#bytes.length) this.#grow(Math.min(this.#bound, Math.max(length, this.#bytes.length * 2)))
    this.#bytes.set(more, this.#length)
    this.#length = length
  }

  clear(): void {
    this.#length = 0
  }

  /** Zeroes the bytes and lets go of them. */
  wipe(): void {
    this.#bytes.fill(0)
    this.#bytes = new Uint8Array(0)
    this.#length = 0
  }

  #grow(capacity: number): void {
    const larger = new Uint8Array(capacity)
    larger.set(this.bytes)
    this.#bytes.fill(0)
    this.#bytes = larger
  }
}
