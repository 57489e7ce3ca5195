import type { RsaPublicKey } from '@bongtu/crypto'

/** SP 800-131A: fewer bits protect less than the 112 bits of security that it asks for. */
const MIN_BITS = 2048
/** SP 800-56B §6.2. With an exponent of 3, a mistake in the padding of any writer gives the data key away. */
const MIN_EXPONENT = 65_537n

/** Why no data key should be wrapped under this key any more, and what to do, or nothing. */
export function weaknessOf({ modulusBits, publicExponent }: RsaPublicKey): string | undefined {
  const faults = [
    ...(modulusBits < MIN_BITS ? [`its RSA modulus must have at least ${MIN_BITS} bits, got ${modulusBits}`] : []),
    ...(publicExponent < MIN_EXPONENT
      ? [`its public exponent must be at least ${MIN_EXPONENT}, got ${publicExponent}`]
      : []),
  ]
  if (faults.length === 0) return undefined
  return `${faults.join(', and ')}; make a new key, or set allowWeakKeys (in a key URI: allow-weak-keys=true). It still decrypts`
}
