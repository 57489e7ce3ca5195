import type { AgreementCurve } from '../engine.ts'
import { fromBase64 } from './base64.ts'
import { CURVES, EC_PUBLIC_KEY_OID, looksCompressed, looksUncompressed } from './curves.ts'
import {
  BIT_STRING,
  type DerElement,
  derElements,
  derSequence,
  FIELD_0,
  FIELD_1,
  INTEGER,
  OCTET_STRING,
  SEQUENCE,
} from './der.ts'
import type { KeySource } from './key-source.ts'

/** A private scalar of `fieldLength` bytes, not yet known to be in range, and the public point that came with it, if any. */
export interface EcPrivateKey {
  readonly scalar: Uint8Array
  readonly publicPoint: Uint8Array | null
}

/** The SEC 1 point of an EC public key, compressed or not, not yet known to be on the curve. Throws a TypeError where it is none. */
export function readEcPublicKey(curve: AgreementCurve, source: KeySource): Uint8Array {
  const point =
    source.form === 'jwk' ? jwkPoint(curve, source.jwk) : source.form === 'spki' ? spkiPoint(curve, source.der) : null
  if (point === null) throw notOfCurve('public', curve)
  return point
}

/** Throws a TypeError where the source is no EC private key of the curve. */
export function readEcPrivateKey(curve: AgreementCurve, source: KeySource): EcPrivateKey {
  const key = privateKeyFrom(curve, source)
  if (key === null) throw notOfCurve('private', curve)
  return key
}

export function notOfCurve(half: string, curve: AgreementCurve): TypeError {
  return new TypeError(`the key is not a ${half} EC key of the curve ${CURVES[curve].name}`)
}

function privateKeyFrom(curve: AgreementCurve, source: KeySource): EcPrivateKey | null {
  switch (source.form) {
    case 'jwk':
      return jwkPrivateKey(curve, source.jwk)
    case 'pkcs8':
      return pkcs8PrivateKey(curve, source.der)
    case 'sec1':
      return sec1PrivateKey(curve, source.der, true)
    default:
      return null
  }
}

/** RFC 7518 §6.2.1: coordinates have the full length of the field. */
function jwkPoint(curve: AgreementCurve, jwk: JsonWebKey): Uint8Array | null {
  const { name, fieldLength } = CURVES[curve]
  const x = octets(jwk.x)
  const y = octets(jwk.y)
  if (jwk.kty !== 'EC' || jwk.crv !== name || x?.length !== fieldLength || y?.length !== fieldLength) return null
  const point = new Uint8Array(1 + 2 * fieldLength)
  point[0] = 4
  point.set(x, 1)
  point.set(y, 1 + fieldLength)
  return point
}

function jwkPrivateKey(curve: AgreementCurve, jwk: JsonWebKey): EcPrivateKey | null {
  const publicPoint = jwkPoint(curve, jwk)
  const scalar = octets(jwk.d)
  return publicPoint !== null && scalar?.length === CURVES[curve].fieldLength ? { scalar, publicPoint } : null
}

function octets(text: unknown): Uint8Array | null {
  return typeof text === 'string' ? fromBase64(text) : null
}

/** RFC 5480 §2. */
function spkiPoint(curve: AgreementCurve, der: Uint8Array): Uint8Array | null {
  const [algorithm, key, ...more] = derSequence(der) ?? []
  return namesCurve(curve, algorithm) && more.length === 0 ? bitStringPoint(curve, key) : null
}

/** RFC 5958 §2 around RFC 5915 §3. */
function pkcs8PrivateKey(curve: AgreementCurve, der: Uint8Array): EcPrivateKey | null {
  const [version, algorithm, key, ...more] = derSequence(der) ?? []
  if (!isNumber(version, 0) || !namesCurve(curve, algorithm) || key?.tag !== OCTET_STRING || more.length > 0)
    return null
  return sec1PrivateKey(curve, key.content, false)
}

/** RFC 5915 §3. On its own it must name the curve; within PKCS #8 it may. */
function sec1PrivateKey(curve: AgreementCurve, der: Uint8Array, mustNameCurve: boolean): EcPrivateKey | null {
  const [version, key, ...fields] = derSequence(der) ?? []
  if (!isNumber(version, 1) || key?.tag !== OCTET_STRING || key.content.length !== CURVES[curve].fieldLength)
    return null
  const named = fields[0]?.tag === FIELD_0 ? fields.shift() : undefined
  const point = fields[0]?.tag === FIELD_1 ? fields.shift() : undefined
  if (fields.length > 0 || (named === undefined && mustNameCurve)) return null
  if (named !== undefined && !sameBytes(named.content, CURVES[curve].oid)) return null
  const publicPoint = point === undefined ? null : bitStringPoint(curve, onlyElement(point.content))
  return point !== undefined && publicPoint === null ? null : { scalar: key.content.slice(), publicPoint }
}

function namesCurve(curve: AgreementCurve, algorithm: DerElement | undefined): boolean {
  const expected = [...EC_PUBLIC_KEY_OID, ...CURVES[curve].oid]
  return algorithm?.tag === SEQUENCE && sameBytes(algorithm.content, Uint8Array.from(expected))
}

/** A BIT STRING without unused bits that holds a point. */
function bitStringPoint(curve: AgreementCurve, element: DerElement | undefined): Uint8Array | null {
  if (element?.tag !== BIT_STRING || element.content[0] !== 0) return null
  const point = element.content.subarray(1)
  return looksCompressed(curve, point) || looksUncompressed(curve, point) ? point : null
}

function onlyElement(der: Uint8Array): DerElement | undefined {
  const elements = derElements(der)
  return elements?.length === 1 ? elements[0] : undefined
}

function isNumber(element: DerElement | undefined, value: number): boolean {
  return element?.tag === INTEGER && element.content.length === 1 && element.content[0] === value
}

/** Public bytes only: it stops at the first difference. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
