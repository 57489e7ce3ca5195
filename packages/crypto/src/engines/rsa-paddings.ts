import type { RsaPadding } from '../engine.ts'

export type OaepPadding = Exclude<RsaPadding, 'pkcs1'>

/** The hash of each OAEP padding, for its label and its mask alike, as OpenSSL names it. */
export const OAEP_HASHES: Readonly<Record<OaepPadding, string>> = {
  'oaep-sha1': 'sha1',
  'oaep-sha256': 'sha256',
  'oaep-sha384': 'sha384',
  'oaep-sha512': 'sha512',
}

export const OAEP_PADDINGS: readonly OaepPadding[] = Object.keys(OAEP_HASHES) as OaepPadding[]

/** The bytes that each padding takes from the modulus (RFC 8017 §7.1.1, §7.2.1). */
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
