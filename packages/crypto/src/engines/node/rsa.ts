import { constants, createPublicKey, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto'
import type { KeyInput, RsaPadding } from '../../engine.ts'
import { type RsaNumbers, rsaNumbers } from '../rsa-modulus.ts'
import { checkRsaPlaintext, OAEP_HASHES, OAEP_PADDINGS } from '../rsa-paddings.ts'
import { plain } from './bytes.ts'
import { derOf, keyObject } from './key-object.ts'
import { decryptsPkcs1 } from './pkcs1-probe.ts'
import type { SyncRsaPrivateKey, SyncRsaPublicKey } from './sync-engine.ts'

export const rsaEncryptPaddings: readonly RsaPadding[] = [...OAEP_PADDINGS, 'pkcs1']

/** Asks the platform once, and only when somebody wants to know. */
export function rsaDecryptPaddings(): readonly RsaPadding[] {
  return decryptsPkcs1() ? rsaEncryptPaddings : OAEP_PADDINGS
}

export function importRsaPublicKey(input: KeyInput): SyncRsaPublicKey {
  const key = keyObject('public', input)
  const numbers = numbersOf(key)
  const { modulusLength } = numbers
  return {
    ...numbers,
    encrypt: (padding, plaintext) => {
      const scheme = schemeOf(padding)
      checkRsaPlaintext(padding, modulusLength, plaintext)
      return plain(publicEncrypt({ key, ...scheme }, plaintext))
    },
  }
}

export function importRsaPrivateKey(input: KeyInput): SyncRsaPrivateKey {
  const key = keyObject('private', input)
  const { modulusLength } = numbersOf(key)
  return {
    modulusLength,
    decrypt: (padding, ciphertext) => {
      const scheme = schemeOf(padding)
      if (padding === 'pkcs1' && !decryptsPkcs1()) {
        throw new TypeError(
          'this Node does not decrypt RSA with PKCS #1 v1.5 padding (CVE-2023-46809): use a Node whose OpenSSL rejects ' +
            'implicitly (Node 24 has one), or re-encrypt with OAEP',
        )
      }
      if (ciphertext.length !== modulusLength) return null
      try {
        return plain(privateDecrypt({ key, ...scheme }, ciphertext))
      } catch {
        return null
      }
    },
  }
}

/** OAEP takes the same hash for its mask: OpenSSL does so where none is named. */
function schemeOf(padding: RsaPadding): { padding: number; oaepHash?: string } {
  if (padding === 'pkcs1') return { padding: constants.RSA_PKCS1_PADDING }
  const hash = OAEP_HASHES[padding]
  if (hash === undefined) throw new TypeError(`unknown RSA padding: ${String(padding)}`)
  return { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash }
}

function numbersOf(key: KeyObject): RsaNumbers {
  // An RSA-PSS key signs only.
  if (key.asymmetricKeyType !== 'rsa') throw new TypeError('the key is not an RSA encryption key')
  return rsaNumbers(derOf('public', key.type === 'private' ? createPublicKey(key) : key).der)
}
