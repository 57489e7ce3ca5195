import { BIT_STRING, derSequence, INTEGER } from './der.ts'

/** Bytes of the modulus in the SubjectPublicKeyInfo of an RSA key (RFC 8017 §A.1.1). Throws a TypeError where it is none. */
export function rsaModulusLength(spki: Uint8Array): number {
  const [, key] = derSequence(spki) ?? []
  const [modulus] = (key?.tag === BIT_STRING ? derSequence(key.content.subarray(1)) : null) ?? []
  if (modulus?.tag !== INTEGER) throw new TypeError('the key is not an RSA encryption key')
  const [first] = modulus.content
  return first === 0 ? modulus.content.length - 1 : modulus.content.length
}
