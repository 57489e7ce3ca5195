import { p256, p384, p521 } from '@noble/curves/nist.js'
import type { AgreementCurve } from '../../engine.ts'
import { looksCompressed, looksUncompressed } from '../curves.ts'

/** Indexed by AgreementCurve. */
export const NIST_CURVES = { p256, p384, p521 } as const

/** A point on the curve, by SEC 1 bytes: `x ‖ y` behind 04. `null` where it is malformed or not on the curve. */
export function uncompressedPoint(curve: AgreementCurve, point: Uint8Array): Uint8Array | null {
  return reencoded(curve, point, false)
}

/** A point on the curve in its compressed form. `null` where it is malformed or not on the curve. */
export function compressedPoint(curve: AgreementCurve, point: Uint8Array): Uint8Array | null {
  return reencoded(curve, point, true)
}

function reencoded(curve: AgreementCurve, point: Uint8Array, compressed: boolean): Uint8Array | null {
  if (!looksCompressed(curve, point) && !looksUncompressed(curve, point)) return null
  try {
    return NIST_CURVES[curve].Point.fromBytes(point).toBytes(compressed)
  } catch {
    return null
  }
}
