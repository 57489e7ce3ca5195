import { BIT_STRING, derSequence, INTEGER } from './der.ts'

/** What a public RSA key shows of its strength. */
export interface RsaNumbers {
  /** Bytes of the modulus. */
  readonly modulusLength: number
  readonly modulusBits: number
  readonly publicExponent: bigint
}

/** Reads the SubjectPublicKeyInfo of an RSA key (RFC 8017 §A.1.1). Throws a TypeError if the bytes are not an RSA key. */
export function rsaNumbers(spki: Uint8Array): RsaNumbers {
  const [, key] = derSequence(spki) ?? []
  const [modulus, exponent] = (key?.tag === BIT_STRING ? derSequence(key.content.subarray(1)) : null) ?? []
  if (modulus?.tag !== INTEGER || exponent?.tag !== INTEGER) throw new TypeError('the key is not an RSA encryption key')
  const modulusBits = unsigned(modulus.content).toString(2).length
  return { modulusLength: Math.ceil(modulusBits / 8), modulusBits, publicExponent: unsigned(exponent.content) }
}

/** A big-endian number without a sign. */
export const unsigned = (bytes: Uint8Array): bigint =>
  BigInt(`0x0${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`)
