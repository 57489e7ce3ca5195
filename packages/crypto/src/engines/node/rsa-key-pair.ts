import { generateKeyPair } from 'node:crypto'
import { plain } from './bytes.ts'

export interface RsaKeyPair {
  /** SubjectPublicKeyInfo. */
  readonly publicKeyDer: Uint8Array
  /** PKCS #8, not encrypted: the caller zeroes it. */
  readonly privateKeyDer: Uint8Array
}

/** A key pair with the public exponent 65537, made on another thread. */
export async function generateRsaKeyPair(bits: 2048 | 3072 | 4096): Promise<RsaKeyPair> {
  return new Promise((resolve, reject) => {
    generateKeyPair(
      'rsa',
      {
        modulusLength: bits,
        publicKeyEncoding: { type: 'spki', format: 'der' },
        privateKeyEncoding: { type: 'pkcs8', format: 'der' },
      },
      (error, publicKey, privateKey) => {
        if (error === null) resolve({ publicKeyDer: plain(publicKey), privateKeyDer: plain(privateKey) })
        else reject(error)
      },
    )
  })
}
