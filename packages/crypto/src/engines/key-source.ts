import type { KeyInput } from '../engine.ts'
import { fromBase64 } from './base64.ts'
import { derElements } from './der.ts'

export type KeyHalf = 'public' | 'private'
export type DerForm = 'spki' | 'pkcs1' | 'pkcs8' | 'sec1'

/** A key input with its wrapping taken off: DER of a known form, a JWK of the right half, or an object of the platform. */
export type KeySource =
  | { readonly form: DerForm; readonly der: Uint8Array }
  | { readonly form: 'jwk'; readonly jwk: Readonly<JsonWebKey> }
  | { readonly form: 'object'; readonly object: object }

/** Encrypted PEM has other labels, or header lines that are no Base64. */
const PEM_FORMS: Readonly<Record<KeyHalf, Readonly<Record<string, DerForm>>>> = {
  public: { 'PUBLIC KEY': 'spki', 'RSA PUBLIC KEY': 'pkcs1' },
  private: { 'PRIVATE KEY': 'pkcs8', 'RSA PRIVATE KEY': 'pkcs1', 'EC PRIVATE KEY': 'sec1' },
}

/**
 * Reads what a caller gave as a key.
 *
 * A private key where a public one is asked for is refused: its public half is never derived, since whoever hands a private
 * key to an encrypting side has most likely taken the wrong file.
 *
 * @throws TypeError where it is in no form that is read, or the other half.
 */
export function keySource(half: KeyHalf, key: KeyInput): KeySource {
  if (typeof key === 'string') return pemSource(half, key)
  if (key instanceof Uint8Array) return derSource(half, half === 'public' ? 'spki' : 'pkcs8', key)
  if (!('kty' in key)) return { form: 'object', object: key }
  if ('d' in key !== (half === 'private')) throw notAKey(half)
  return { form: 'jwk', jwk: key as JsonWebKey }
}

/** By its tag, since a key of another realm (a worker, an iframe, a test runner) is no instance of this one's class. */
export const isCryptoKey = (value: object): value is CryptoKey =>
  Object.prototype.toString.call(value) === '[object CryptoKey]'

function pemSource(half: KeyHalf, text: string): KeySource {
  // Some writers put parameters or a description before the key, so that the block is looked for, not expected first.
  for (const [label, form] of Object.entries(PEM_FORMS[half])) {
    const body = text.split(`-----BEGIN ${label}-----`)[1]?.split(`-----END ${label}-----`)
    const der = body?.length === 2 ? fromBase64(body[0] ?? '') : null
    if (der !== null) return derSource(half, form, der)
  }
  throw notAKey(half)
}

function derSource(half: KeyHalf, form: DerForm, der: Uint8Array): KeySource {
  if (derElements(der)?.length !== 1) throw notAKey(half)
  return { form, der }
}

const READABLE: Readonly<Record<KeyHalf, string>> = {
  public: 'PEM, SPKI bytes, a JWK without private fields, or a public key object of the platform',
  private: 'unencrypted PEM, PKCS #8 bytes, a JWK with its private fields, or a private key object of the platform',
}

/** One text for every reason: what the platform says of a key may quote it. */
export function notAKey(half: KeyHalf): TypeError {
  return new TypeError(`not a ${half} key in a form that is read here; give ${READABLE[half]}`)
}
