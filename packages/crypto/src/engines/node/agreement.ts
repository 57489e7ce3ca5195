import { createECDH, ECDH } from 'node:crypto'
import type { AgreementCurve, KeyInput } from '../../engine.ts'
import { CURVES, looksCompressed, looksUncompressed } from '../curves.ts'
import { plain } from './bytes.ts'
import { checkCurve, compressedPublicKey, OPENSSL_NAMES } from './ec-key.ts'
import { privateKeyObject, publicKeyObject } from './key-input.ts'
import type { SyncAgreementKey } from './sync-engine.ts'

export function generateAgreementKey(curve: AgreementCurve): SyncAgreementKey {
  const ecdh = createECDH(OPENSSL_NAMES[curve])
  ecdh.generateKeys()
  return agreementKey(curve, ecdh)
}

/** Throws a TypeError where the key is not of the curve, or where its public half does not belong to its private half. */
export function importAgreementKey(curve: AgreementCurve, privateKey: KeyInput): SyncAgreementKey {
  const key = privateKeyObject('ECDH', privateKey)
  checkCurve(curve, key)
  const scalar = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url')
  const ecdh = createECDH(OPENSSL_NAMES[curve])
  try {
    ecdh.setPrivateKey(scalar)
  } catch {
    throw new TypeError(`the private key is not a scalar of ${CURVES[curve].name}`)
  } finally {
    scalar.fill(0)
  }
  const imported = agreementKey(curve, ecdh)
  // The point is derived anew above; what the file says must agree with it.
  if (Buffer.compare(imported.publicKey, compressedPublicKey(curve, key)) !== 0) {
    throw new TypeError('the public half of the key does not belong to its private half')
  }
  return imported
}

function agreementKey(curve: AgreementCurve, ecdh: ECDH): SyncAgreementKey {
  return {
    curve,
    publicKey: plain(ecdh.getPublicKey(null, 'compressed') as unknown as Buffer),
    agree: (publicKey) => {
      if (!looksCompressed(curve, publicKey)) return null
      try {
        return plain(ecdh.computeSecret(publicKey))
      } catch {
        return null
      }
    },
  }
}

/** The compressed point of a public key given as a SEC 1 point or as anything that holds an SPKI. */
export function importAgreementPublicKey(curve: AgreementCurve, publicKey: KeyInput): Uint8Array {
  if (publicKey instanceof Uint8Array && (looksCompressed(curve, publicKey) || looksUncompressed(curve, publicKey))) {
    try {
      const point = ECDH.convertKey(publicKey, OPENSSL_NAMES[curve], undefined, undefined, 'compressed')
      return plain(point as Buffer)
    } catch {
      throw new TypeError(`the public key is not on ${CURVES[curve].name}`)
    }
  }
  const key = publicKeyObject('ECDH', publicKey)
  checkCurve(curve, key)
  return compressedPublicKey(curve, key)
}
