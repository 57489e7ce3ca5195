/** Writes fields one after the other, each behind its length, into memory that it uses again. */
export interface ByteWriter {
  /** Begins anew, whatever was written. */
  start(): void
  /** In 32 bits. */
  number(value: number): void
  /** As UTF-8. The client lets no text through that is not well-formed, so that two texts never become the same bytes. */
  text(value: string): void
  bytes(value: Uint8Array): void
  /** A copy of all that was written. */
  taken(): Uint8Array
}

/** The most units of text that are written one by one. */
const SHORT = 64
/** What most requests take. */
const FIRST_LENGTH = 4096
/** What is longer is given back by the next start. */
const MOST_KEPT = 65_536

export function byteWriter(): ByteWriter {
  const encoder = new TextEncoder()
  let memory = new Uint8Array(FIRST_LENGTH)
  let length = 0
  const reserve = (more: number): void => {
    if (length + more <= memory.length) return
    const larger = new Uint8Array((length + more) * 2)
    larger.set(memory.subarray(0, length))
    memory = larger
  }
  const writeNumber = (value: number, at: number): void => {
    memory[at] = value >>> 24
    memory[at + 1] = value >>> 16
    memory[at + 2] = value >>> 8
    memory[at + 3] = value
  }
  /** Sooner done than TextEncoder is called. `null` where the text is another or long. */
  const writeShortAscii = (value: string, at: number): number | null => {
    if (value.length > SHORT) return null
    for (let index = 0; index < value.length; index++) {
      const unit = value.charCodeAt(index)
      if (unit > 0x7f) return null
      memory[at + index] = unit
    }
    return value.length
  }
  const number = (value: number): void => {
    reserve(4)
    writeNumber(value, length)
    length += 4
  }
  return {
    start() {
      length = 0
      if (memory.length > MOST_KEPT) memory = new Uint8Array(FIRST_LENGTH)
    },
    number,
    text(value) {
      // A unit of UTF-16 is three bytes of UTF-8 at most.
      reserve(4 + value.length * 3)
      const written =
        writeShortAscii(value, length + 4) ?? encoder.encodeInto(value, memory.subarray(length + 4)).written
      writeNumber(written, length)
      length += 4 + written
    },
    bytes(value) {
      number(value.length)
      reserve(value.length)
      memory.set(value, length)
      length += value.length
    },
    taken: () => memory.slice(0, length),
  }
}
