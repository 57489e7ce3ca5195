import { HsmError } from './errors.ts'

/** Pairs that authenticate a ciphertext without being stored in it. Order-free; names and values are case-sensitive. */
export type EncryptionContext = Readonly<Record<string, string>>

/** Bytes of an encoded encryption context at most. */
export const MAX_CONTEXT_LENGTH = 65_536

const encoder = new TextEncoder()

/**
 * The encryption context as additional authenticated data: for each pair, ordered by the UTF-8 bytes of the name,
 *
 *     4  length of the name in bytes, big endian     n  name, UTF-8
 *     4  length of the value in bytes, big endian    m  value, UTF-8
 *
 * Every length stands before its bytes, so two contexts have the same encoding only if they have the same pairs.
 */
export function encodeEncryptionContext(context: EncryptionContext): Uint8Array {
  const pairs = Object.entries(context).map(([name, value]) => [utf8(name), utf8(value)] as const)
  pairs.sort(([a], [b]) => compareBytes(a, b))
  const length = pairs.reduce((sum, [name, value]) => sum + 8 + name.length + value.length, 0)
  if (length > MAX_CONTEXT_LENGTH) {
    throw new HsmError('invalidParameter', `the encryption context is longer than ${MAX_CONTEXT_LENGTH} bytes`)
  }
  const encoded = new Uint8Array(length)
  const view = new DataView(encoded.buffer)
  let at = 0
  for (const pair of pairs) {
    for (const part of pair) {
      view.setUint32(at, part.length)
      encoded.set(part, at + 4)
      at += 4 + part.length
    }
  }
  return encoded
}

/** A lone surrogate has no UTF-8 and would become U+FFFD, so two contexts would share one encoding. */
function utf8(text: string): Uint8Array {
  if (typeof text !== 'string' || /\p{Surrogate}/u.test(text)) {
    throw new HsmError('invalidParameter', 'the encryption context holds a name or value that is not Unicode text')
  }
  return encoder.encode(text)
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
