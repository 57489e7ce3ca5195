import { bytes } from '@bongtu/crypto/options'
import { PACE_BYTES } from './pace.ts'

/**
 * Bytes that a caller lends to an asynchronous call. While the call waits, the caller can resize, transfer or detach their
 * buffer. Every part of a call that runs after a wait asks here for the bytes, and gets all of them or a TypeError.
 */
export interface LentBytes {
  /** How many bytes were lent. */
  readonly length: number
  /** All of them. Throws a TypeError if their buffer no longer holds as many as were lent. */
  whole(): Uint8Array
  /** All of them in views of at most 1 MiB, each one checked as `whole` checks. None if no bytes were lent. */
  parts(): Iterable<Uint8Array>
}

/** What to do with a text, by the name of what it was given for. */
const adviceForText: ReadonlyMap<string, string> = new Map([
  ['plaintext', 'encode text with TextEncoder first'],
  ['ciphertext', 'decode Base64 text to bytes first'],
])

/**
 * Takes bytes from a caller. Shared memory is copied, since other threads can write to it at any time. Throws a TypeError if
 * `value` is not a Uint8Array, or if its buffer is detached or has been resized below it.
 */
export function lend(name: string, value: unknown): LentBytes {
  const given = bytes(name, value, adviceForText.get(name))
  if (given.length === 0) requireAttached(name, given)
  const own = isShared(given) ? Uint8Array.from(given) : given
  const length = own.length
  const whole = (): Uint8Array => {
    requireLength(name, own, length)
    return own
  }
  return { length, whole, parts: () => parts(whole, length) }
}

/** Throws a TypeError if the buffer of lent bytes no longer holds all `length` of them. */
export function requireLength(name: string, lent: Uint8Array, length: number): void {
  if (lent.length === length) return
  throw changed(name, `must keep its ${length} bytes until the call is over, got ${lent.length}`)
}

function* parts(whole: () => Uint8Array, length: number): Generator<Uint8Array> {
  for (let offset = 0; offset < length; offset += PACE_BYTES) yield whole().subarray(offset, offset + PACE_BYTES)
}

/** A view of a detached buffer looks like an empty one, but no copy can be made of it. */
function requireAttached(name: string, given: Uint8Array): void {
  try {
    given.slice()
  } catch {
    throw changed(name, 'must have a buffer that holds its bytes')
  }
}

function changed(name: string, what: string): TypeError {
  return new TypeError(`${name} ${what}: its buffer was resized, transferred or detached`)
}

const isShared = ({ buffer }: Uint8Array): boolean =>
  !(buffer instanceof ArrayBuffer) && Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]'
