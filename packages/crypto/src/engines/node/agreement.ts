import { createECDH, ECDH } from 'node:crypto'
import type { AgreementCurve, KeyInput } from '../../engine.ts'
import { looksCompressed, looksUncompressed } from '../curves.ts'
import { notOfCurve, readEcPrivateKey, readEcPublicKey } from '../ec-key.ts'
import type { KeySource } from '../key-source.ts'
import { plain } from './bytes.ts'
import { keySourceOf } from './key-object.ts'
import { equal } from './random.ts'
import type { SyncAgreementKey } from './sync-engine.ts'

/** What OpenSSL calls the curves. */
const OPENSSL_NAMES: Readonly<Record<AgreementCurve, string>> = {
  p256: 'prime256v1',
  p384: 'secp384r1',
  p521: 'secp521r1',
}

export function generateAgreementKey(curve: AgreementCurve): SyncAgreementKey {
  const ecdh = createECDH(OPENSSL_NAMES[curve])
  ecdh.generateKeys()
  return agreementKey(curve, ecdh)
}

/** Throws a TypeError where the key is not of the curve, or where its public half does not belong to its private half. */
export function importAgreementKey(curve: AgreementCurve, privateKey: KeyInput): SyncAgreementKey {
  const source = keySourceOf('private', privateKey)
  try {
    return readAgreementKey(curve, source)
  } finally {
    // What was read or exported here is ours to wipe; what the caller gave is not.
    if ('der' in source && source.der !== privateKey) source.der.fill(0)
  }
}

function readAgreementKey(curve: AgreementCurve, source: KeySource): SyncAgreementKey {
  const { scalar, publicPoint } = readEcPrivateKey(curve, source)
  const ecdh = createECDH(OPENSSL_NAMES[curve])
  try {
    ecdh.setPrivateKey(scalar)
  } catch {
    throw notOfCurve('private', curve)
  } finally {
    scalar.fill(0)
  }
  const imported = agreementKey(curve, ecdh)
  if (publicPoint !== null && !equal(imported.publicKey, checkedPoint(curve, publicPoint))) {
    throw new TypeError('the public half of the key does not belong to its private half')
  }
  return imported
}

function agreementKey(curve: AgreementCurve, ecdh: ECDH): SyncAgreementKey {
  const publicKey = checkedPoint(curve, ecdh.getPublicKey())
  return {
    curve,
    publicKey,
    agree: (peer) => {
      if (!looksCompressed(curve, peer)) return null
      try {
        return plain(ecdh.computeSecret(peer))
      } catch {
        return null
      }
    },
  }
}

/** The compressed point of a public key given as a SEC 1 point or as anything that holds an SPKI. */
export function importAgreementPublicKey(curve: AgreementCurve, publicKey: KeyInput): Uint8Array {
  const isPoint =
    publicKey instanceof Uint8Array && (looksCompressed(curve, publicKey) || looksUncompressed(curve, publicKey))
  return checkedPoint(curve, isPoint ? publicKey : readEcPublicKey(curve, keySourceOf('public', publicKey)))
}

/** OpenSSL refuses points that are not on the curve. */
function checkedPoint(curve: AgreementCurve, point: Uint8Array): Uint8Array {
  try {
    const converted = ECDH.convertKey(point, OPENSSL_NAMES[curve], undefined, undefined, 'compressed')
    return new Uint8Array(Buffer.from(converted))
  } catch {
    throw notOfCurve('public', curve)
  }
}
