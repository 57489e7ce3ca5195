import { record } from '@bongtu/crypto/options'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Members that AWS JSON 1.1 writes in Base64. */
const BLOBS: ReadonlySet<string> = new Set(['Plaintext', 'CiphertextBlob'])

/** A request as AWS JSON 1.1. */
export function toWire(input: object): Uint8Array<ArrayBuffer> {
  const members = Object.entries(input).map(([name, value]) => [name, BLOBS.has(name) ? toBase64(value) : value])
  return encoder.encode(JSON.stringify(Object.fromEntries(members)))
}

/** An answer of AWS JSON 1.1, with its blobs as bytes; `null` where it is no JSON object, or a blob no Base64. */
export function fromWire(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const answer: unknown = JSON.parse(decoder.decode(bytes))
    if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return null
    const members = Object.entries(answer).map(([name, value]) => [name, BLOBS.has(name) ? fromBase64(value) : value])
    // Without a prototype: what the service did not answer, `Object.prototype` must not add.
    return record(Object.fromEntries(members))
  } catch {
    return null
  }
}

const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))

/** Throws where it is no Base64 text. */
function fromBase64(text: unknown): Uint8Array {
  if (typeof text !== 'string') throw new TypeError('a blob is Base64 text')
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
}
