import { createPrivateKey, createPublicKey, KeyObject } from 'node:crypto'
import type { KeyInput } from '../../engine.ts'
import { isCryptoKey, type KeyHalf, type KeySource, keySource, notAKey } from '../key-source.ts'
import { plain } from './bytes.ts'

/** The KeyObject of a key in any of the forms of KeyInput. Throws a TypeError where it is none, or of the other half. */
export function keyObject(half: KeyHalf, input: KeyInput): KeyObject {
  const source = keySource(half, input)
  if (source.form === 'object') return platformKey(half, source.object)
  try {
    return parse(half, source)
  } catch {
    throw notAKey(half)
  }
}

/** Like `keySource`, with objects of the platform turned into DER. Throws a TypeError where it is no key of that half. */
export function keySourceOf(half: KeyHalf, input: KeyInput): KeySource {
  const source = keySource(half, input)
  return source.form === 'object' ? derOf(half, platformKey(half, source.object)) : source
}

/**
 * SubjectPublicKeyInfo or PKCS #8. A key is never looked at by JWK or `asymmetricKeyDetails`: there Node holds the key's
 * lock while it allocates, and where the collector then takes the job that generated the key, which wants the same lock,
 * the thread waits for itself for ever.
 */
export function derOf(half: KeyHalf, key: KeyObject): { readonly form: 'spki' | 'pkcs8'; readonly der: Uint8Array } {
  return half === 'public'
    ? { form: 'spki', der: plain(key.export({ format: 'der', type: 'spki' })) }
    : { form: 'pkcs8', der: plain(key.export({ format: 'der', type: 'pkcs8' })) }
}

function platformKey(half: KeyHalf, object: object): KeyObject {
  const key = isCryptoKey(object) ? fromCryptoKey(object) : object
  if (key instanceof KeyObject && key.type === half) return key
  throw notAKey(half)
}

/** Node lets a KeyObject show what the CryptoKey may not, and is about to refuse it (DEP0204). */
function fromCryptoKey(key: CryptoKey): KeyObject {
  if (key.extractable) return KeyObject.from(key)
  throw new TypeError('the CryptoKey is not extractable: import it as extractable, or use the web engine')
}

function parse(half: KeyHalf, source: Exclude<KeySource, { form: 'object' }>): KeyObject {
  if (source.form === 'jwk') {
    const jwk = { key: { ...source.jwk }, format: 'jwk' as const }
    return half === 'public' ? createPublicKey(jwk) : createPrivateKey(jwk)
  }
  const { form: type } = source
  const key = Buffer.from(source.der.buffer, source.der.byteOffset, source.der.byteLength)
  if (type === 'spki') return createPublicKey({ key, format: 'der', type })
  if (type === 'pkcs1' && half === 'public') return createPublicKey({ key, format: 'der', type })
  return createPrivateKey({ key, format: 'der', type })
}
