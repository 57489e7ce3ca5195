import type { AgreementCurve, HashName, SigningCurve } from '../engine.ts'

/** What the engines must know of a NIST prime curve (SP 800-186 §3.2.1). */
export interface CurveFacts {
  /** Its name in JWK, in WebCrypto and in OpenSSL. */
  readonly name: 'P-256' | 'P-384' | 'P-521'
  /** Bytes of a coordinate, and of a private scalar. */
  readonly fieldLength: 32 | 48 | 66
  /** The DER object identifier of the curve, tag and length included. */
  readonly oid: Uint8Array
}

export const CURVES: Readonly<Record<AgreementCurve, CurveFacts>> = {
  p256: {
    name: 'P-256',
    fieldLength: 32,
    oid: Uint8Array.of(0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07),
  },
  p384: { name: 'P-384', fieldLength: 48, oid: Uint8Array.of(0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22) },
  p521: { name: 'P-521', fieldLength: 66, oid: Uint8Array.of(0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23) },
}

/** The hash that each signing curve is used with. */
export const SIGNING_HASH: Readonly<Record<SigningCurve, HashName>> = { p256: 'sha256', p384: 'sha384' }

/** The order n of each signing curve (SP 800-186 §3.2.1.3, §3.2.1.4). */
export const SIGNING_ORDER: Readonly<Record<SigningCurve, bigint>> = {
  p256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  p384: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
}

/** id-ecPublicKey (RFC 5480 §2.1.1), tag and length included. */
export const EC_PUBLIC_KEY_OID: Uint8Array = Uint8Array.of(0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01)

/** Whether the bytes have the length and prefix of a compressed point (SEC 1 §2.3.3). That it is on the curve is not checked. */
export function looksCompressed(curve: AgreementCurve, point: Uint8Array): boolean {
  return point.length === CURVES[curve].fieldLength + 1 && (point[0] === 2 || point[0] === 3)
}

/** Whether the bytes have the length and prefix of an uncompressed point (SEC 1 §2.3.3). */
export function looksUncompressed(curve: AgreementCurve, point: Uint8Array): boolean {
  return point.length === 2 * CURVES[curve].fieldLength + 1 && point[0] === 4
}

/** The compressed form of a point that is known to be on the curve, from `x ‖ y` or `04 ‖ x ‖ y`. */
export function compress(curve: AgreementCurve, uncompressed: Uint8Array): Uint8Array {
  const { fieldLength } = CURVES[curve]
  const x = uncompressed.subarray(-2 * fieldLength, -fieldLength)
  const compressed = new Uint8Array(1 + fieldLength)
  compressed[0] = 2 | ((uncompressed.at(-1) ?? 0) & 1)
  compressed.set(x, 1)
  return compressed
}

/** A SubjectPublicKeyInfo (RFC 5480 §2) around a compressed point. Every length in it is below 128, so one byte each. */
export function compressedSpki(curve: AgreementCurve, point: Uint8Array): Uint8Array {
  const algorithm = [...EC_PUBLIC_KEY_OID, ...CURVES[curve].oid]
  const body = [0x30, algorithm.length, ...algorithm, 0x03, point.length + 1, 0x00, ...point]
  return Uint8Array.of(0x30, body.length, ...body)
}

export function notAPoint(curve: AgreementCurve): TypeError {
  const { name, fieldLength } = CURVES[curve]
  return new TypeError(`the public key is not a compressed point of ${name}, which has ${fieldLength + 1} bytes`)
}
