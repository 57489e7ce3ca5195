import { createHash, createHmac, createSecretKey } from 'node:crypto'
import { plain } from './bytes.ts'
import { hash } from './kdf.ts'

export function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes)
}

export function sha384(bytes: Uint8Array): Uint8Array {
  return hash('sha384', bytes)
}

export function sha512(bytes: Uint8Array): Uint8Array {
  return hash('sha512', bytes)
}

/** The lower-case hex digest, as Signature Version 4 writes it. Text is hashed as UTF-8. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** HMAC-SHA256 under a key that is copied and prepared once. Text is authenticated as UTF-8. */
export function hmacSha256Key(key: Uint8Array): (bytes: Uint8Array | string) => Uint8Array {
  const secret = createSecretKey(key)
  return (bytes) => plain(createHmac('sha256', secret).update(bytes).digest())
}
