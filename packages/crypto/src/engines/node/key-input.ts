import { createPrivateKey, createPublicKey, type JsonWebKey, KeyObject } from 'node:crypto'
import type { KeyInput } from '../../engine.ts'

type Half = 'public' | 'private'

/** What a reader of PEM finds in its first line; an encrypted or unknown label is not in the table. */
const PEM_LABELS: Readonly<Record<Half, RegExp>> = {
  public: /^\s*-----BEGIN (RSA )?PUBLIC KEY-----/,
  private: /^\s*-----BEGIN (RSA |EC )?PRIVATE KEY-----/,
}

/**
 * The KeyObject of a public key given as PEM, SPKI bytes, JWK, CryptoKey or KeyObject.
 *
 * @throws TypeError where it is none, or a private key: its public half is never derived here, since a caller that hands a
 * private key to an encrypting side has most likely taken the wrong file.
 */
export function publicKeyObject(what: string, key: KeyInput): KeyObject {
  return keyObject('public', what, key)
}

/** The KeyObject of a private key given as PEM, PKCS#8 bytes, JWK, CryptoKey or KeyObject. Throws a TypeError where it is none. */
export function privateKeyObject(what: string, key: KeyInput): KeyObject {
  return keyObject('private', what, key)
}

function keyObject(half: Half, what: string, key: KeyInput): KeyObject {
  const refused = new TypeError(`${what}: the key is not a ${half} key in any form that is read here${FORMS[half]}`)
  if (typeof key === 'string') {
    if (!PEM_LABELS[half].test(key)) throw refused
    return parsed(refused, () => (half === 'public' ? createPublicKey(key) : createPrivateKey(key)))
  }
  if (key instanceof Uint8Array) {
    const der = Buffer.from(key.buffer, key.byteOffset, key.byteLength)
    return parsed(refused, () =>
      half === 'public'
        ? createPublicKey({ key: der, format: 'der', type: 'spki' })
        : createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
    )
  }
  if (key instanceof KeyObject) {
    if (key.type !== half) throw refused
    return key
  }
  if (key instanceof CryptoKey) {
    if (key.type !== half) throw refused
    return parsed(refused, () => KeyObject.from(key))
  }
  if ('kty' in key) {
    if ('d' in key !== (half === 'private')) throw refused
    return parsed(refused, () => {
      const jwk = { ...key } as JsonWebKey
      return half === 'public'
        ? createPublicKey({ key: jwk, format: 'jwk' })
        : createPrivateKey({ key: jwk, format: 'jwk' })
    })
  }
  throw refused
}

const FORMS: Readonly<Record<Half, string>> = {
  public: ' (PEM, SPKI bytes, JWK, CryptoKey, KeyObject)',
  private: ' (unencrypted PEM, PKCS#8 bytes, JWK, CryptoKey, KeyObject)',
}

/** The platform's own error may quote what it read, so it is not passed on. */
function parsed(refused: TypeError, parse: () => KeyObject): KeyObject {
  try {
    return parse()
  } catch {
    throw refused
  }
}
