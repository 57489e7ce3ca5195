import { generateKeyPairSync } from 'node:crypto'

export interface PemPair {
  readonly publicKey: string
  readonly privateKey: string
}

/** A fresh RSA key pair as PEM. */
export function rsaPair(modulusLength = 2048, publicExponent = 65_537): PemPair {
  return generateKeyPairSync('rsa', {
    modulusLength,
    publicExponent,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}

/** The bytes between the lines of a PEM file. */
export const derOf = (pem: string): Uint8Array =>
  new Uint8Array(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'))

/** The same bytes in the middle of a larger buffer. */
export function offsetView(bytes: Uint8Array): Uint8Array {
  const room = new Uint8Array(bytes.length + 16).fill(0xee)
  room.set(bytes, 7)
  return room.subarray(7, 7 + bytes.length)
}

/** `length` bytes that count up from `from`, in the middle of a larger buffer. */
export const countingKey = (length: number, from = 1): Uint8Array =>
  offsetView(Uint8Array.from({ length }, (_, at) => (from + at) & 0xff))
