import { constants, createCipheriv, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'
import type { WrappingAlgorithm } from '../../src/hsm/port.ts'

/** Wraps key material as a customer does outside, by node:crypto alone. */
export function wrapMaterial(algorithm: WrappingAlgorithm, publicKeyDer: Uint8Array, material: Uint8Array): Uint8Array {
  const key = createPublicKey({ key: Buffer.from(publicKeyDer), format: 'der', type: 'spki' })
  const oaepHash = algorithm.endsWith('SHA_256') ? 'sha256' : 'sha1'
  const oaep = (bytes: Uint8Array) => publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, bytes)
  if (algorithm.startsWith('RSAES')) return oaep(material)
  const aesKey = randomBytes(32)
  const cipher = createCipheriv('id-aes256-wrap-pad', aesKey, Buffer.from('a65959a6', 'hex'))
  return Buffer.concat([oaep(aesKey), cipher.update(material), cipher.final()])
}
