import { createPrivateKey, createPublicKey, KeyObject } from 'node:crypto'
import type { KeyInput } from '../../engine.ts'
import { type KeyHalf, type KeySource, keySource, notAKey } from '../key-source.ts'

/** The KeyObject of a key in any of the forms of KeyInput. Throws a TypeError where it is none, or of the other half. */
export function keyObject(half: KeyHalf, input: KeyInput): KeyObject {
  const source = keySource(half, input)
  try {
    return source.form === 'object' ? platformKey(half, source.object) : parse(half, source)
  } catch {
    throw notAKey(half)
  }
}

/** Like `keySource`, with objects of the platform turned into JWK. Throws a TypeError where it is no key of that half. */
export function keySourceOf(half: KeyHalf, input: KeyInput): KeySource {
  const source = keySource(half, input)
  if (source.form !== 'object') return source
  try {
    return { form: 'jwk', jwk: platformKey(half, source.object).export({ format: 'jwk' }) }
  } catch {
    throw notAKey(half)
  }
}

function platformKey(half: KeyHalf, object: object): KeyObject {
  const key = object instanceof CryptoKey ? KeyObject.from(object) : object
  if (key instanceof KeyObject && key.type === half) return key
  throw notAKey(half)
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
