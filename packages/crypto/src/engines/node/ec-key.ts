import type { KeyObject } from 'node:crypto'
import type { AgreementCurve } from '../../engine.ts'
import { CURVES, compress } from '../curves.ts'

/** The compressed point of an EC key. By JWK, which OpenSSL writes far faster than SPKI. */
export function compressedPublicKey(curve: AgreementCurve, key: KeyObject): Uint8Array {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const { fieldLength } = CURVES[curve]
  const point = new Uint8Array(2 * fieldLength)
  point.set(Buffer.from(x, 'base64url'))
  point.set(Buffer.from(y, 'base64url'), fieldLength)
  return compress(curve, point)
}

/** Throws a TypeError where the key is not an EC key of the curve, by name. */
export function checkCurve(curve: AgreementCurve, key: KeyObject): void {
  const { name } = CURVES[curve]
  const named = key.asymmetricKeyType === 'ec' ? key.asymmetricKeyDetails?.namedCurve : undefined
  if (named !== OPENSSL_NAMES[curve]) throw new TypeError(`the key is not of the curve ${name}`)
}

export const OPENSSL_NAMES: Readonly<Record<AgreementCurve, string>> = {
  p256: 'prime256v1',
  p384: 'secp384r1',
  p521: 'secp521r1',
}
