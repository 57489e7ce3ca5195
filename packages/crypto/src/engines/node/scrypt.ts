import { scrypt as scryptCallback } from 'node:crypto'
import { plain } from './bytes.ts'

/** RFC 7914 §2: N is a power of two above 1; the work takes about 128·N·r bytes, which `maxmem` bounds. */
export interface ScryptCost {
  readonly N: number
  readonly r: number
  readonly p: number
  readonly maxmem: number
}

/** 32 bytes from a passphrase, computed on another thread. Rejects with a RangeError where the cost does not fit `maxmem`. */
export async function scrypt(passphrase: Uint8Array, salt: Uint8Array, cost: ScryptCost): Promise<Uint8Array> {
  const { N, r, p, maxmem } = cost
  return new Promise((resolve, reject) => {
    scryptCallback(passphrase, salt, 32, { N, r, p, maxmem }, (error, derived) => {
      if (error === null) resolve(plain(derived))
      else reject(error)
    })
  })
}
