import type { Signer, SigningCurve, SigningKey, Verifier } from '../../engine.ts'
import { notAPoint, SIGNING_HASH } from '../curves.ts'
import { isStrictDerSignature } from '../der-signature.ts'
import { compressedPoint, NIST_CURVES } from './curves.ts'
import { HASHES } from './hashes.ts'

/**
 * The digest is signed as it is. High s values are written and read, as other implementations of ECDSA do: bongtu compares
 * no signatures, so that two valid ones for a message do no harm.
 */
const OPTIONS = { prehash: false, lowS: false, format: 'der' } as const

export function generateSigningKey(curve: SigningCurve): SigningKey {
  const secretKey = NIST_CURVES[curve].utils.randomSecretKey()
  return {
    curve,
    publicKey: NIST_CURVES[curve].getPublicKey(secretKey, true),
    signer: () => signer(curve, secretKey),
  }
}

function signer(curve: SigningCurve, secretKey: Uint8Array): Signer {
  const digest = HASHES[SIGNING_HASH[curve]].create()
  return {
    update: (bytes) => void digest.update(bytes),
    sign: () => NIST_CURVES[curve].sign(digest.digest(), secretKey, OPTIONS),
  }
}

/** Throws a TypeError where the bytes are not a compressed point of the curve. */
export function verifier(curve: SigningCurve, publicKey: Uint8Array): Verifier {
  const point = publicKey[0] === 4 ? null : compressedPoint(curve, publicKey)
  if (point === null) throw notAPoint(curve)
  const digest = HASHES[SIGNING_HASH[curve]].create()
  return {
    update: (bytes) => void digest.update(bytes),
    verify: (signature) =>
      isStrictDerSignature(curve, signature) && NIST_CURVES[curve].verify(signature, digest.digest(), point, OPTIONS),
  }
}
