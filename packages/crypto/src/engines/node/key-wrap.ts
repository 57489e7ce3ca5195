import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'
import { checkAesKey } from '../lengths.ts'
import { plain } from './bytes.ts'
import { importRsaPrivateKey } from './rsa.ts'

/** RFC 5649 §3: the first half of the alternative initial value. */
const KWP_IV = Uint8Array.of(0xa6, 0x59, 0x59, 0xa6)

/** AES key wrap with padding (RFC 5649 §4.1), for 1 byte or more. The answer is a multiple of 8 bytes. */
export function wrapKwp(key: Uint8Array, plaintext: Uint8Array): Uint8Array {
  checkAesKey(key)
  if (plaintext.length === 0) throw new RangeError('AES key wrap: there is nothing to wrap')
  const cipher = createCipheriv(`id-aes${key.length * 8}-wrap-pad`, createSecretKey(key), KWP_IV)
  const wrapped = cipher.update(plaintext)
  cipher.final()
  return plain(wrapped)
}

/** AES key unwrap with padding (RFC 5649 §4.2). `null` where the wrapped key does not verify. */
export function unwrapKwp(key: Uint8Array, wrapped: Uint8Array): Uint8Array | null {
  checkAesKey(key)
  if (wrapped.length < 16 || wrapped.length % 8 !== 0) return null
  const decipher = createDecipheriv(`id-aes${key.length * 8}-wrap-pad`, createSecretKey(key), KWP_IV)
  try {
    const unwrapped = decipher.update(wrapped)
    decipher.final()
    return plain(unwrapped)
  } catch {
    return null
  }
}

/**
 * What RSA_AES_KEY_WRAP holds (PKCS #11 v3.0 §2.1.21): an AES-256 key under RSA-OAEP, then the payload wrapped with that key
 * by `wrapKwp`. `null` where either half does not open.
 */
export function unwrapRsaAes(
  privateKeyDer: Uint8Array,
  padding: 'oaep-sha1' | 'oaep-sha256',
  wrapped: Uint8Array,
): Uint8Array | null {
  const key = importRsaPrivateKey(privateKeyDer)
  const aesKey = key.decrypt(padding, wrapped.subarray(0, key.modulusLength))
  if (aesKey === null || aesKey.length !== 32) return null
  const unwrapped = unwrapKwp(aesKey, wrapped.subarray(key.modulusLength))
  aesKey.fill(0)
  return unwrapped
}
