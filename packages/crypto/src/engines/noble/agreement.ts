import type { AgreementCurve, AgreementKey, KeyInput } from '../../engine.ts'
import { looksCompressed } from '../curves.ts'
import { notOfCurve, readEcPrivateKey, readEcPublicKey } from '../ec-key.ts'
import { type KeySource, keySource } from '../key-source.ts'
import { compressedPoint, NIST_CURVES } from './curves.ts'
import { equal } from './equal.ts'

export function generateAgreementKey(curve: AgreementCurve): AgreementKey {
  return agreementKey(curve, NIST_CURVES[curve].utils.randomSecretKey())
}

/** Throws a TypeError where the key is not of the curve, or where its public half does not belong to its private half. */
export function importAgreementKey(curve: AgreementCurve, privateKey: KeyInput): AgreementKey {
  return agreementKey(curve, privateScalar(curve, keySource('private', privateKey)))
}

/** The compressed point of a public key given as a SEC 1 point or as anything that holds an SPKI. */
export function importAgreementPublicKey(curve: AgreementCurve, publicKey: KeyInput): Uint8Array {
  const given = publicKey instanceof Uint8Array ? compressedPoint(curve, publicKey) : null
  return given ?? publicPoint(curve, keySource('public', publicKey))
}

/** The compressed point in a source that is not a platform's object. */
export function publicPoint(curve: AgreementCurve, source: KeySource): Uint8Array {
  const point = compressedPoint(curve, readEcPublicKey(curve, source))
  if (point === null) throw notOfCurve('public', curve)
  return point
}

/** The scalar in a source, in [1, n-1], after its public half has been found to belong to it. */
export function privateScalar(curve: AgreementCurve, source: KeySource): Uint8Array {
  const { scalar, publicPoint: given } = readEcPrivateKey(curve, source)
  if (!NIST_CURVES[curve].utils.isValidSecretKey(scalar)) throw notOfCurve('private', curve)
  if (given !== null) {
    const point = compressedPoint(curve, given)
    if (point === null || !equal(point, NIST_CURVES[curve].getPublicKey(scalar, true))) {
      throw new TypeError('the public half of the key does not belong to its private half')
    }
  }
  return scalar
}

function agreementKey(curve: AgreementCurve, scalar: Uint8Array): AgreementKey {
  return {
    curve,
    publicKey: NIST_CURVES[curve].getPublicKey(scalar, true),
    agree: (peer) => {
      if (!looksCompressed(curve, peer) || compressedPoint(curve, peer) === null) return null
      return NIST_CURVES[curve].getSharedSecret(scalar, peer, true).subarray(1)
    },
  }
}
