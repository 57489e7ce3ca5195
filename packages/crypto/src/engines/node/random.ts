import { randomFillSync, timingSafeEqual } from 'node:crypto'
import { checkRandomLength } from '../lengths.ts'

const POOL_LENGTH = 4096
/** A request longer than this goes to the generator straight, so that it does not drain the pool. */
const POOLED_MAX = 256

const pool = new Uint8Array(POOL_LENGTH)
let used = POOL_LENGTH

/** Small requests share one call of the generator. What is handed out is copied and wiped from the pool. */
export function random(length: number): Uint8Array {
  checkRandomLength(length)
  if (length > POOLED_MAX) return randomFillSync(new Uint8Array(length))
  if (used + length > POOL_LENGTH) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = pool.slice(used, used + length)
  pool.fill(0, used, used + length)
  used += length
  return bytes
}

/** Compares in time that depends on the lengths only. Unequal lengths are unequal. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
