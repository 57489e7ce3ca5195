const encoder = new TextEncoder()

/** Members that AWS JSON 1.1 writes in Base64. */
const BLOBS = ['Plaintext', 'CiphertextBlob']

/** A request as AWS JSON 1.1. */
export function toWire(input: object): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(input, (_key, value: unknown) => (value instanceof Uint8Array ? toBase64(value) : value))
  return encoder.encode(text)
}

/** An answer of AWS JSON 1.1, with its blobs as bytes. Throws an Error where a blob is no Base64. */
export function fromWire(answer: Readonly<Record<string, unknown>>): object {
  const members = Object.entries(answer).map(([name, value]) =>
    BLOBS.includes(name) && typeof value === 'string' ? [name, fromBase64(value)] : [name, value],
  )
  return Object.fromEntries(members)
}

const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
