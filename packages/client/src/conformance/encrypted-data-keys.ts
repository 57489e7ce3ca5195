import type { EncryptedDataKey } from '@bongtu/message-format'

/** `0`: what makes `vault-10` of `vault-1`. */
const ZERO_DIGIT = 0x30

/** The same bytes in the middle of a larger buffer of other bytes. */
export function offsetView(bytes: Uint8Array): Uint8Array {
  const room = new Uint8Array(bytes.length + 24).fill(0xa5)
  room.set(bytes, 11)
  return room.subarray(11, 11 + bytes.length)
}

/** Of other providers, with names that are no prefix match away. */
export function foreign(own: EncryptedDataKey): EncryptedDataKey[] {
  return [`${own.providerId}x`, own.providerId.slice(0, -1), own.providerId.toUpperCase(), 'someone-else']
    .filter((providerId) => providerId !== own.providerId)
    .map((providerId) => ({ ...own, providerId }))
}

/** Each byte of the ciphertext altered in turn, in another bit each. */
export function altered(own: EncryptedDataKey): EncryptedDataKey[] {
  return Array.from(own.ciphertext, (_, at) => ({ ...own, ciphertext: flipped(own.ciphertext, at, 1 << (at % 8)) }))
}

/** Key infos that are close to the own one: each byte altered, a digit put in anywhere, cut short, extended, empty. */
export function otherKeyInfos(own: EncryptedDataKey): EncryptedDataKey[] {
  const { keyInfo } = own
  const infos = [
    ...Array.from(keyInfo, (_, at) => flipped(keyInfo, at, 1)),
    ...Array.from(keyInfo, (_, at) => Uint8Array.of(...keyInfo.subarray(0, at), ZERO_DIGIT, ...keyInfo.subarray(at))),
    ...lengthsOf(keyInfo),
  ]
  return infos.map((info) => ({ ...own, keyInfo: info }))
}

export function otherLengths(own: EncryptedDataKey): EncryptedDataKey[] {
  return lengthsOf(own.ciphertext).map((ciphertext) => ({ ...own, ciphertext }))
}

function flipped(bytes: Uint8Array, at: number, mask: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] = (copy[at] ?? 0) ^ mask
  return copy
}

function lengthsOf(bytes: Uint8Array): Uint8Array[] {
  return [
    bytes.subarray(0, -1),
    bytes.subarray(1),
    Uint8Array.of(...bytes, 0),
    Uint8Array.of(0, ...bytes),
    bytes.subarray(0, 0),
  ]
}
