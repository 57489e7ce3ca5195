import { type HashName, type HkdfOutput, IV_LENGTH } from '../engine.ts'

/** Bytes of each digest. */
export const HASH_LENGTH: Readonly<Record<HashName, number>> = { sha256: 32, sha384: 48, sha512: 64 }

/** Refuses any key that is not of AES-128, AES-192 or AES-256. */
export function checkAesKey(key: Uint8Array): void {
  if (key.length !== 16 && key.length !== 24 && key.length !== 32) {
    throw new RangeError(`an AES key has 16, 24 or 32 bytes, not ${key.length}`)
  }
}

export function checkIv(iv: Uint8Array): void {
  if (iv.length !== IV_LENGTH) {
    throw new RangeError(`an AES-GCM initialisation vector has ${IV_LENGTH} bytes, not ${iv.length}`)
  }
}

/** RFC 5869 §2.3: at most 255 blocks for each output. */
export function checkHkdfOutputs(name: HashName, outputs: readonly HkdfOutput[]): void {
  for (const { length } of outputs) checkLength('HKDF', length, 255 * HASH_LENGTH[name])
}

/** SP 800-108 §4.1: the 32-bit counter must not wrap; far below that, an output is bounded to what a key can need. */
export function checkCounterKdfLength(length: number): void {
  checkLength('counter-mode KDF', length, 65_536)
}

export function checkRandomLength(length: number): void {
  checkLength('random', length, 0x7fffffff)
}

function checkLength(what: string, length: number, max: number): void {
  if (!Number.isSafeInteger(length) || length < 0 || length > max) {
    throw new RangeError(`${what}: the length is an integer from 0 to ${max}, not ${length}`)
  }
}
