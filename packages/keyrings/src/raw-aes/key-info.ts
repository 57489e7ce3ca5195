import { IV_LENGTH, TAG_LENGTH } from '@bongtu/crypto'
import { OTHER_NAME } from '../unwrap-data-key.ts'

const TAG_BITS = TAG_LENGTH * 8

/** Bytes behind the name: tag length in bits (4) ‖ initialisation vector length in bytes (4) ‖ initialisation vector. */
export const KEY_INFO_OVERHEAD: number = 8 + IV_LENGTH

/** raw-aes-keyring.md, "key provider information": name ‖ 128 ‖ 12 ‖ initialisation vector. */
export function encodeKeyInfo(name: Uint8Array, iv: Uint8Array): Uint8Array {
  const info = new Uint8Array(name.length + KEY_INFO_OVERHEAD)
  const view = new DataView(info.buffer)
  info.set(name)
  view.setUint32(name.length, TAG_BITS)
  view.setUint32(name.length + 4, IV_LENGTH)
  info.set(iv, name.length + 8)
  return info
}

/**
 * The initialisation vector of a key info that is exactly of this name, or why it is not. The name is not delimited, so
 * it is ours only where all that follows it adds up: `vault-1` does not claim what `vault-10` wrote.
 */
export function ivOfKeyInfo(name: Uint8Array, info: Uint8Array): Uint8Array | string {
  if (info.length < name.length + 8 || !name.every((byte, at) => byte === info[at])) return OTHER_NAME
  const view = new DataView(info.buffer, info.byteOffset, info.length)
  const tagBits = view.getUint32(name.length)
  const ivLength = view.getUint32(name.length + 4)
  if (info.length !== name.length + 8 + ivLength) return OTHER_NAME
  if (tagBits !== TAG_BITS) return `tag length of ${tagBits} bits instead of ${TAG_BITS}`
  if (ivLength !== IV_LENGTH) return `initialisation vector length of ${ivLength} bytes instead of ${IV_LENGTH}`
  return info.subarray(name.length + 8)
}
