import { createHmac, createSecretKey, hash as hashOnce } from 'node:crypto'
import type { HashName, HkdfOutput } from '../../engine.ts'
import { writeCounter } from '../frame-batch.ts'
import { checkCounterKdfLength, checkHkdfOutputs, HASH_LENGTH } from '../lengths.ts'
import { plain } from './bytes.ts'

/** In one call, which leaves no hash object behind for the collector: to free one takes longer than to hash 100 bytes. */
export function hash(name: HashName, bytes: Uint8Array): Uint8Array {
  return plain(hashOnce(name, bytes, 'buffer'))
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
  // Used so few times, a KeyObject would cost as much as what it is used for.
  const pseudorandomKey = createHmac(name, salt).update(keyMaterial).digest()
  try {
    return outputs.map((output) => expand(name, pseudorandomKey, output))
  } finally {
    pseudorandomKey.fill(0)
  }
}

function expand(name: HashName, pseudorandomKey: Uint8Array, { info, length }: HkdfOutput): Uint8Array {
  const blockLength = HASH_LENGTH[name]
  const out = new Uint8Array(length)
  const input = new Uint8Array(info.length + 1)
  input.set(info)
  for (let at = 0, counter = 1; at < length; at += blockLength, counter++) {
    const hmac = createHmac(name, pseudorandomKey)
    if (counter > 1) hmac.update(out.subarray(at - blockLength, at))
    input[info.length] = counter
    putBlock(out, at, hmac.update(input).digest())
  }
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
    putBlock(out, at, createHmac(name, secret).update(counterBytes).update(fixedInput).digest())
  }
  return out
}

/** Writes as much of the block as there is room for, and wipes the block. */
function putBlock(out: Uint8Array, at: number, block: Uint8Array): void {
  out.set(at + block.length <= out.length ? block : block.subarray(0, out.length - at), at)
  block.fill(0)
}
