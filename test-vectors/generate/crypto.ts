import {
  constants,
  createCipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSign,
  type KeyObject,
  publicEncrypt,
} from 'node:crypto'
import type { AlgorithmSuite } from '@bongtu/message-format'
import type { VectorKey } from '../vector.ts'
import { base64, concat, NOTHING, seeded, uint, utf8 } from './bytes.ts'

/** Ciphertext and tag of AES-GCM, apart. */
export function seal(
  key: Uint8Array,
  iv: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array,
): { readonly ciphertext: Uint8Array; readonly tag: Uint8Array } {
  const name = { 16: 'aes-128-gcm', 24: 'aes-192-gcm', 32: 'aes-256-gcm' }[key.length]
  if (name === undefined) throw new RangeError(`there is no AES key of ${key.length} bytes`)
  const cipher = createCipheriv(name as 'aes-256-gcm', key, iv).setAAD(aad)
  const ciphertext = concat([cipher.update(plaintext), cipher.final()])
  return { ciphertext, tag: Uint8Array.from(cipher.getAuthTag()) }
}

/** algorithm-suites.md: content key and commitment. `net400` leaves the message id out of version 1's info. */
export function messageKeys(
  suite: AlgorithmSuite,
  dataKey: Uint8Array,
  messageId: Uint8Array,
  net400: boolean,
): { readonly contentKey: Uint8Array; readonly commitment: Uint8Array } {
  if (suite.kdf === null) return { contentKey: dataKey, commitment: NOTHING }
  const id = uint(suite.id, 2)
  const hash = suite.kdf
  const expand = (salt: Uint8Array, info: Uint8Array, length: number): Uint8Array =>
    // One block of output is enough for every key: RFC 5869 §2.3 with N = 1.
    hmac(hash, hmac(hash, salt, dataKey), concat([info, uint(1, 1)])).subarray(0, length)
  if (!suite.committing) {
    const salt = new Uint8Array({ sha256: 32, sha384: 48, sha512: 64 }[hash])
    return { contentKey: expand(salt, net400 ? id : concat([id, messageId]), suite.dataKeyLength), commitment: NOTHING }
  }
  return {
    contentKey: expand(messageId, concat([id, utf8('DERIVEKEY')]), suite.dataKeyLength),
    commitment: expand(messageId, utf8('COMMITKEY'), 32),
  }
}

const hmac = (hash: string, key: Uint8Array, bytes: Uint8Array): Uint8Array =>
  createHmac(hash, key).update(bytes).digest()

/** Key info and ciphertext of a data key that is wrapped under a raw key. */
export function wrapDataKey(
  key: VectorKey,
  dataKey: Uint8Array,
  context: Uint8Array,
  seed: string,
): { readonly keyInfo: Uint8Array; readonly ciphertext: Uint8Array } {
  if (key.type === 'raw-aes') {
    const iv = seeded(`${seed} wrapping iv`, 12)
    const { ciphertext, tag } = seal(Buffer.from(key.key, 'base64'), iv, dataKey, context)
    return { keyInfo: concat([utf8(key.name), uint(128, 4), uint(12, 4), iv]), ciphertext: concat([ciphertext, tag]) }
  }
  const oaepHash = key.padding.slice('oaep-'.length)
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const ciphertext = publicEncrypt({ key: key.publicKey, padding, oaepHash }, dataKey)
  return { keyInfo: utf8(key.name), ciphertext: Uint8Array.from(ciphertext) }
}

const hashes = { p256: 'sha256', p384: 'sha384' } as const

export type SigningCurve = keyof typeof hashes

/** The DER signature, of any length or of one that `fits`: each attempt gives another. */
export function sign(
  curve: SigningCurve,
  privatePem: string,
  bytes: Uint8Array,
  fits: (length: number) => boolean = () => true,
): Uint8Array {
  for (;;) {
    const signature = createSign(hashes[curve]).update(bytes).sign({ key: privatePem, dsaEncoding: 'der' })
    if (fits(signature.length)) return Uint8Array.from(signature)
  }
}

/** The compressed point of a signing key, as the encryption context holds it. */
export function publicKeyText(privatePem: string): string {
  const { x = '', y = '' } = createPublicKey(createPrivateKey(privatePem) as KeyObject).export({ format: 'jwk' })
  const odd = (Buffer.from(y, 'base64url').at(-1) ?? 0) & 1
  return base64(concat([uint(2 + odd, 1), Buffer.from(x, 'base64url')]))
}
