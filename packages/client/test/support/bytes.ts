/** The same bytes as a view that neither begins nor ends with its buffer. */
export function offsetView(bytes: Uint8Array): Uint8Array {
  const around = new Uint8Array(bytes.length + 11).fill(0xee)
  around.set(bytes, 5)
  return around.subarray(5, 5 + bytes.length)
}

/** `length` bytes in which no stretch repeats soon, as an offset view. */
export function numbered(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let at = 0, state = seed; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[at] = state >>> 24
  }
  return offsetView(bytes)
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** A copy with one bit turned. */
export function flipped(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const copy = offsetView(bytes)
  copy[at] = (bytes[at] ?? 0) ^ (1 << bit)
  return copy
}

/** Views of at most `length` bytes each. */
export function chunksOf(bytes: Uint8Array, length: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / length)
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * length, (index + 1) * length))
}

export const isPrefixOf = (start: Uint8Array, whole: Uint8Array): boolean =>
  start.length <= whole.length && sameBytes(start, whole.subarray(0, start.length))

/** Much faster than a deep comparison of long arrays. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

export const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)
