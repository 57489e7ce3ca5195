import type { SigningCurve } from '../engine.ts'
import { CURVES, SIGNING_ORDER } from './curves.ts'
import { derSequence, INTEGER } from './der.ts'

/**
 * Whether the bytes are the one DER encoding of an Ecdsa-Sig-Value (RFC 3279 §2.2.3) with r and s in [1, n-1].
 *
 * Platforms differ in what they let pass here, so that a signature could be valid to one reader and not to another; all
 * engines ask this first.
 */
export function isStrictDerSignature(curve: SigningCurve, signature: Uint8Array): boolean {
  const scalars = derSequence(signature)
  return scalars?.length === 2 && scalars.every(({ tag, content }) => tag === INTEGER && isScalar(curve, content))
}

/** Whether the content of an INTEGER is minimal (X.690 §8.3.2) and within [1, n-1]. */
function isScalar(curve: SigningCurve, content: Uint8Array): boolean {
  const [first = 0x80, second = 0] = content
  if (content.length > CURVES[curve].fieldLength + 1 || first >= 0x80 || (first === 0 && second < 0x80)) return false
  const value = BigInt(`0x${Array.from(content, (byte) => byte.toString(16).padStart(2, '0')).join('')}`)
  return value > 0n && value < SIGNING_ORDER[curve]
}
