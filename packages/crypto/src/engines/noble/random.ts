import { checkRandomLength } from '../lengths.ts'

/** The most that one call of getRandomValues answers (Web Cryptography API §10.1.1). */
const QUOTA = 65_536

/** Throws where the runtime has no `crypto.getRandomValues`: nothing else here is random enough for a key. */
export function random(length: number): Uint8Array {
  checkRandomLength(length)
  const { crypto } = globalThis as { crypto?: Crypto }
  if (typeof crypto?.getRandomValues !== 'function') {
    throw new Error('this runtime has no crypto.getRandomValues: install a polyfill on its secure generator first')
  }
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += QUOTA) crypto.getRandomValues(bytes.subarray(at, at + QUOTA))
  return bytes
}
