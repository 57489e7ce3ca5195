import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { HashName, HkdfOutput } from '../../engine.ts'
import { writeCounter } from '../frame-batch.ts'
import { checkCounterKdfLength, checkHkdfOutputs, HASH_LENGTH } from '../lengths.ts'
import { plain } from './bytes.ts'

export function hash(name: HashName, bytes: Uint8Array): Uint8Array {
  return plain(createHash(name).update(bytes).digest())
}

export function hmac(name: HashName, key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return plain(createHmac(name, createSecretKey(key)).update(bytes).digest())
}

/** RFC 5869. Cheaper than `hkdfSync` for several outputs of one key: it extracts once. */
export function hkdf(
  name: HashName,
  keyMaterial: Uint8Array,
  salt: Uint8Array,
  outputs: readonly HkdfOutput[],
): Uint8Array[] {
  checkHkdfOutputs(name, outputs)
  const extracted = createHmac(name, createSecretKey(salt)).update(keyMaterial).digest()
  const pseudorandomKey = createSecretKey(extracted)
  extracted.fill(0)
  return outputs.map((output) => expand(name, pseudorandomKey, output))
}

function expand(name: HashName, pseudorandomKey: KeyObject, { info, length }: HkdfOutput): Uint8Array {
  const blockLength = HASH_LENGTH[name]
  const out = new Uint8Array(length)
  let previous = Buffer.alloc(0)
  for (let at = 0, counter = 1; at < length; at += blockLength, counter++) {
    const block = createHmac(name, pseudorandomKey)
      .update(previous)
      .update(info)
      .update(Uint8Array.of(counter))
      .digest()
    previous.fill(0)
    out.set(at + blockLength <= length ? block : block.subarray(0, length - at), at)
    previous = block
  }
  previous.fill(0)
  return out
}

/** SP 800-108 §4.1: HMAC in counter mode, a 32-bit counter before the fixed input. */
export function counterKdf(name: HashName, key: Uint8Array, fixedInput: Uint8Array, length: number): Uint8Array {
  checkCounterKdfLength(length)
  const blockLength = HASH_LENGTH[name]
  const secret = createSecretKey(key)
  const counterBytes = new Uint8Array(4)
  const out = new Uint8Array(length)
  for (let at = 0, counter = 1; at < length; at += blockLength, counter++) {
    writeCounter(counterBytes, 0, counter)
    const block = createHmac(name, secret).update(counterBytes).update(fixedInput).digest()
    out.set(at + blockLength <= length ? block : block.subarray(0, length - at), at)
    block.fill(0)
  }
  return out
}
