import type { HashName, HkdfOutput } from '../../engine.ts'
import { writeCounter } from '../frame-batch.ts'
import { checkCounterKdfLength, checkHkdfOutputs, HASH_LENGTH } from '../lengths.ts'
import { source, subtle } from './subtle.ts'

const HASH_NAMES: Readonly<Record<HashName, string>> = { sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' }

export async function hash(name: HashName, bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await subtle().digest(HASH_NAMES[name], source(bytes)))
}

export async function hmac(name: HashName, key: Uint8Array, bytes: Uint8Array): Promise<Uint8Array> {
  return sign(await hmacKey(name, key), bytes)
}

export async function hkdf(
  name: HashName,
  keyMaterial: Uint8Array,
  salt: Uint8Array,
  outputs: readonly HkdfOutput[],
): Promise<Uint8Array[]> {
  checkHkdfOutputs(name, outputs)
  const key = await subtle().importKey('raw', source(keyMaterial), 'HKDF', false, ['deriveBits'])
  const parameters = { name: 'HKDF', hash: HASH_NAMES[name], salt: source(salt) }
  return Promise.all(
    outputs.map(async ({ info, length }) =>
      length === 0
        ? new Uint8Array(0)
        : new Uint8Array(await subtle().deriveBits({ ...parameters, info: source(info) }, key, length * 8)),
    ),
  )
}

export async function counterKdf(
  name: HashName,
  key: Uint8Array,
  fixedInput: Uint8Array,
  length: number,
): Promise<Uint8Array> {
  checkCounterKdfLength(length)
  const secret = await hmacKey(name, key)
  const input = new Uint8Array(4 + fixedInput.length)
  input.set(fixedInput, 4)
  const out = new Uint8Array(length)
  for (let at = 0, counter = 1; at < length; at += HASH_LENGTH[name], counter++) {
    writeCounter(input, 0, counter)
    const block = await sign(secret, input)
    out.set(block.subarray(0, length - at), at)
    block.fill(0)
  }
  return out
}

/** WebCrypto refuses an empty key, where HMAC pads it with zeros (RFC 2104 §2): one zero byte is the same key. */
async function hmacKey(name: HashName, key: Uint8Array): Promise<CryptoKey> {
  const bytes = key.length === 0 ? new Uint8Array(1) : source(key)
  return subtle().importKey('raw', bytes, { name: 'HMAC', hash: HASH_NAMES[name] }, false, ['sign'])
}

async function sign(key: CryptoKey, bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await subtle().sign('HMAC', key, source(bytes)))
}
