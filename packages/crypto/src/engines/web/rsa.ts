import type { KeyInput, RsaPadding, RsaPrivateKey, RsaPublicKey } from '../../engine.ts'
import { isCryptoKey, type KeyHalf, type KeySource, keySource, notAKey } from '../key-source.ts'
import { type RsaNumbers, unsigned } from '../rsa-modulus.ts'
import { checkRsaPlaintext, OAEP_HASHES, OAEP_PADDINGS, type OaepPadding } from '../rsa-paddings.ts'
import { exportedDer, orNull, source, subtle } from './subtle.ts'

/** WebCrypto has no RSA encryption with PKCS #1 v1.5 padding. */
export const rsaPaddings: readonly RsaPadding[] = OAEP_PADDINGS

const USAGES: Readonly<Record<KeyHalf, KeyUsage>> = { public: 'encrypt', private: 'decrypt' }
const DER_FORMS = { public: 'spki', private: 'pkcs8' } as const
const JWK_FIELDS: Readonly<Record<KeyHalf, readonly (keyof JsonWebKey)[]>> = {
  public: ['kty', 'n', 'e'],
  private: ['kty', 'n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'],
}

export async function importRsaPublicKey(input: KeyInput): Promise<RsaPublicKey> {
  const { keyFor, ...numbers } = await importRsa('public', input)
  const { modulusLength } = numbers
  return {
    ...numbers,
    encrypt: async (padding, plaintext) => {
      const key = keyFor(padding)
      checkRsaPlaintext(padding, modulusLength, plaintext)
      return new Uint8Array(await subtle().encrypt('RSA-OAEP', key, source(plaintext)))
    },
  }
}

export async function importRsaPrivateKey(input: KeyInput): Promise<RsaPrivateKey> {
  const { modulusLength, keyFor } = await importRsa('private', input)
  return {
    modulusLength,
    decrypt: async (padding, ciphertext) => {
      const key = keyFor(padding)
      if (ciphertext.length !== modulusLength) return null
      return orNull(subtle().decrypt('RSA-OAEP', key, source(ciphertext)))
    },
  }
}

interface ImportedRsa extends RsaNumbers {
  readonly keyFor: (padding: RsaPadding) => CryptoKey
}

/** WebCrypto binds a key to one hash, so that it is imported once for each. */
async function importRsa(half: KeyHalf, input: KeyInput): Promise<ImportedRsa> {
  const key = keySource(half, input)
  const keys = key.form === 'object' ? await platformKeys(half, key.object) : await oaepKeys(half, key)
  const first = keys.values().next().value
  if (first === undefined) throw notAKey(half)
  const { modulusLength: modulusBits, publicExponent } = first.algorithm as RsaHashedKeyAlgorithm
  return {
    modulusLength: Math.ceil(modulusBits / 8),
    modulusBits,
    publicExponent: unsigned(publicExponent),
    keyFor: (padding) => {
      const found = keys.get(padding)
      if (found !== undefined) return found
      throw new TypeError(
        `this key does not do RSA with ${padding} in WebCrypto, only with ${[...keys.keys()].join(', ')}`,
      )
    },
  }
}

type OaepKeys = ReadonlyMap<RsaPadding, CryptoKey>

async function oaepKeys(half: KeyHalf, key: Exclude<KeySource, { form: 'object' }>): Promise<OaepKeys> {
  if (key.form === 'pkcs1' || key.form === 'sec1') {
    throw new TypeError('WebCrypto reads RSA keys as SPKI and PKCS #8 only; openssl pkey converts the file')
  }
  const imported = OAEP_PADDINGS.map(
    async (padding): Promise<[RsaPadding, CryptoKey]> => [padding, await oaepKey(half, key, padding)],
  )
  try {
    return new Map(await Promise.all(imported))
  } catch {
    throw notAKey(half)
  }
}

async function oaepKey(
  half: KeyHalf,
  key: Exclude<KeySource, { form: 'object' }>,
  padding: OaepPadding,
): Promise<CryptoKey> {
  const algorithm = { name: 'RSA-OAEP', hash: webHash(padding) }
  const usages = [USAGES[half]]
  if (key.form === 'jwk') {
    // Fields beside the numbers, such as alg and key_ops, would bind the key to one hash.
    const jwk = Object.fromEntries(JWK_FIELDS[half].map((field) => [field, key.jwk[field]]))
    return subtle().importKey('jwk', jwk, algorithm, false, usages)
  }
  return subtle().importKey(DER_FORMS[half], source(key.der), algorithm, false, usages)
}

/** 'sha256' is SHA-256 in WebCrypto. */
function webHash(padding: OaepPadding): string {
  return OAEP_HASHES[padding].replace('sha', 'SHA-')
}

/** A CryptoKey that is not extractable stays what it was made for: one hash. */
async function platformKeys(half: KeyHalf, object: object): Promise<OaepKeys> {
  if (!isCryptoKey(object) || object.type !== half || !object.algorithm.name.startsWith('RSA')) throw notAKey(half)
  if (object.extractable) return oaepKeys(half, await exportedDer(half, object))
  const { hash } = object.algorithm as RsaHashedKeyAlgorithm
  const padding = OAEP_PADDINGS.find((name) => webHash(name) === hash.name)
  if (object.algorithm.name !== 'RSA-OAEP' || padding === undefined || !object.usages.includes(USAGES[half])) {
    throw new TypeError(`the CryptoKey is neither extractable nor made for RSA-OAEP with the usage ${USAGES[half]}`)
  }
  return new Map([[padding, object]])
}
