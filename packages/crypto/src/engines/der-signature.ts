import type { SigningCurve } from '../engine.ts'
import { CURVES, SIGNING_ORDER } from './curves.ts'

const SEQUENCE = 0x30
const INTEGER = 0x02

/**
 * Whether the bytes are the one DER encoding of an Ecdsa-Sig-Value (RFC 3279 §2.2.3) with r and s in [1, n-1].
 *
 * Platforms differ in what they let pass here, so that a signature could be valid to one reader and not to another; all
 * engines ask this first.
 */
export function isStrictDerSignature(curve: SigningCurve, signature: Uint8Array): boolean {
  // r and s have at most fieldLength + 1 bytes, so the whole body is below 128 bytes and every length takes one byte.
  if (signature[0] !== SEQUENCE || signature[1] !== signature.length - 2 || signature.length - 2 > 0x7f) return false
  const afterR = endOfScalar(curve, signature, 2)
  if (afterR === null) return false
  return endOfScalar(curve, signature, afterR) === signature.length
}

/** Where the scalar that starts at `offset` ends, or `null` where it is not a minimal INTEGER in [1, n-1]. */
function endOfScalar(curve: SigningCurve, bytes: Uint8Array, offset: number): number | null {
  const length = bytes[offset + 1]
  if (bytes[offset] !== INTEGER || length === undefined || length === 0) return null
  const end = offset + 2 + length
  if (end > bytes.length || length > CURVES[curve].fieldLength + 1) return null
  const scalar = bytes.subarray(offset + 2, end)
  const first = scalar[0] ?? 0
  if (first >= 0x80) return null
  if (first === 0 && (scalar[1] ?? 0) < 0x80) return null
  return numberFrom(scalar) < SIGNING_ORDER[curve] ? end : null
}

function numberFrom(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}
