import type { AgreementCurve, AgreementKey, KeyInput } from '../../engine.ts'
import { toBase64Url } from '../base64.ts'
import { CURVES, looksCompressed } from '../curves.ts'
import { isCryptoKey, type KeyHalf, type KeySource, keySource, notAKey } from '../key-source.ts'
import { privateScalar, publicPoint } from '../noble/agreement.ts'
import { compressedPoint, NIST_CURVES, uncompressedPoint } from '../noble/curves.ts'
import { exportedDer, source, subtle } from './subtle.ts'

export async function generateAgreementKey(curve: AgreementCurve): Promise<AgreementKey> {
  const algorithm = { name: 'ECDH', namedCurve: CURVES[curve].name }
  const pair = await subtle().generateKey(algorithm, false, ['deriveBits'])
  const point = compressedPoint(curve, new Uint8Array(await subtle().exportKey('raw', pair.publicKey)))
  if (point === null) throw new Error(`WebCrypto made a key that is not on ${CURVES[curve].name}`)
  return agreementKey(curve, point, pair.privateKey)
}

/**
 * Throws a TypeError where the key is not of the curve, or where its public half does not belong to its private half. A
 * CryptoKey must be extractable, for its public point is found out from it.
 */
export async function importAgreementKey(curve: AgreementCurve, privateKey: KeyInput): Promise<AgreementKey> {
  const scalar = privateScalar(curve, await exported('private', keySource('private', privateKey)))
  const { name, fieldLength } = CURVES[curve]
  const point = NIST_CURVES[curve].getPublicKey(scalar, false)
  const jwk = {
    kty: 'EC',
    crv: name,
    x: toBase64Url(point.subarray(1, 1 + fieldLength)),
    y: toBase64Url(point.subarray(1 + fieldLength)),
    d: toBase64Url(scalar),
  }
  scalar.fill(0)
  const key = await subtle().importKey('jwk', jwk, { name: 'ECDH', namedCurve: name }, false, ['deriveBits'])
  return agreementKey(curve, compressedPoint(curve, point) ?? point, key)
}

function agreementKey(curve: AgreementCurve, publicKey: Uint8Array, key: CryptoKey): AgreementKey {
  const { name, fieldLength } = CURVES[curve]
  return {
    curve,
    publicKey,
    agree: async (peer) => {
      const point = looksCompressed(curve, peer) ? uncompressedPoint(curve, peer) : null
      if (point === null) return null
      const peerKey = await subtle().importKey('raw', source(point), { name: 'ECDH', namedCurve: name }, false, [])
      return new Uint8Array(await subtle().deriveBits({ name: 'ECDH', public: peerKey }, key, fieldLength * 8))
    },
  }
}

/** The compressed point of a public key given as a SEC 1 point or as anything that holds an SPKI. */
export async function importAgreementPublicKey(curve: AgreementCurve, publicKey: KeyInput): Promise<Uint8Array> {
  const given = publicKey instanceof Uint8Array ? compressedPoint(curve, publicKey) : null
  return given ?? publicPoint(curve, await exported('public', keySource('public', publicKey)))
}

async function exported(half: KeyHalf, key: KeySource): Promise<KeySource> {
  if (key.form !== 'object') return key
  const { object } = key
  if (!isCryptoKey(object) || object.type !== half) throw notAKey(half)
  if (!object.extractable) throw new TypeError('the CryptoKey is not extractable: import or generate it as extractable')
  return exportedDer(half, object)
}
