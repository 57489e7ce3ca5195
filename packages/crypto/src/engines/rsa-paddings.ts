import type { RsaPadding } from '../engine.ts'

/** How each padding is named by the platforms, and the bytes it takes from the modulus (RFC 8017 §7.1.1, §7.2.1). */
export const OAEP_HASHES: Readonly<
  Record<Exclude<RsaPadding, 'pkcs1'>, { readonly node: string; readonly web: string }>
> = {
  'oaep-sha1': { node: 'sha1', web: 'SHA-1' },
  'oaep-sha256': { node: 'sha256', web: 'SHA-256' },
  'oaep-sha384': { node: 'sha384', web: 'SHA-384' },
  'oaep-sha512': { node: 'sha512', web: 'SHA-512' },
}

const OVERHEAD: Readonly<Record<RsaPadding, number>> = {
  'oaep-sha1': 2 * 20 + 2,
  'oaep-sha256': 2 * 32 + 2,
  'oaep-sha384': 2 * 48 + 2,
  'oaep-sha512': 2 * 64 + 2,
  pkcs1: 11,
}

/** Throws a RangeError where the plaintext is too long for the modulus and padding. */
export function checkRsaPlaintext(padding: RsaPadding, modulusLength: number, plaintext: Uint8Array): void {
  const most = modulusLength - OVERHEAD[padding]
  if (plaintext.length > most) {
    throw new RangeError(
      `RSA with ${padding} and ${modulusLength * 8} bits takes at most ${Math.max(most, 0)} bytes, not ${plaintext.length}`,
    )
  }
}
