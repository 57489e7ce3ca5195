import { generateKeyPairSync } from 'node:crypto'

export interface PemPair {
  readonly publicKey: string
  readonly privateKey: string
}

/** A fresh RSA key pair as PEM. */
export function rsaPair(modulusLength = 2048): PemPair {
  return generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}

/** `length` bytes that count up from `from`, in the middle of a larger buffer. */
export function countingKey(length: number, from = 1): Uint8Array {
  const room = new Uint8Array(length + 16).fill(0xee)
  for (let at = 0; at < length; at++) room[7 + at] = (from + at) & 0xff
  return room.subarray(7, 7 + length)
}
