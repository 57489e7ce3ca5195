import { expand, extract } from '@noble/hashes/hkdf.js'
import { hmac as nobleHmac } from '@noble/hashes/hmac.js'
import type { HashName, HkdfOutput } from '../../engine.ts'
import { writeCounter } from '../frame-batch.ts'
import { checkCounterKdfLength, checkHkdfOutputs, HASH_LENGTH } from '../lengths.ts'
import { HASHES } from './hashes.ts'

export function hash(name: HashName, bytes: Uint8Array): Uint8Array {
  return HASHES[name](bytes)
}

export function hmac(name: HashName, key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return nobleHmac(HASHES[name], key, bytes)
}

export function hkdf(
  name: HashName,
  keyMaterial: Uint8Array,
  salt: Uint8Array,
  outputs: readonly HkdfOutput[],
): Uint8Array[] {
  checkHkdfOutputs(name, outputs)
  const pseudorandomKey = extract(HASHES[name], keyMaterial, salt)
  const expanded = outputs.map(({ info, length }) => expand(HASHES[name], pseudorandomKey, info, length))
  pseudorandomKey.fill(0)
  return expanded
}

export function counterKdf(name: HashName, key: Uint8Array, fixedInput: Uint8Array, length: number): Uint8Array {
  checkCounterKdfLength(length)
  const out = new Uint8Array(length)
  const counterBytes = new Uint8Array(4)
  for (let at = 0, counter = 1; at < length; at += HASH_LENGTH[name], counter++) {
    writeCounter(counterBytes, 0, counter)
    const block = nobleHmac.create(HASHES[name], key).update(counterBytes).update(fixedInput).digest()
    out.set(block.subarray(0, length - at), at)
    block.fill(0)
  }
  return out
}
