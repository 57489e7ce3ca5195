import { generateKeyPair, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Awaitable } from '../../engine.ts'

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const P256 = { namedCurve: 'P-256' }
const P384 = { namedCurve: 'P-384' }

/** Pairs that wait, at most; they double from one as the demand shows, so that a process which signs once keeps one. */
const MOST_WAITING = 16
/** Half of libuv's default threads: the others stay free for files and names. */
const MOST_RUNNING = 2

/** Cheap enough on the spot (some 50 µs), less than a turn through the thread pool. */
export function p256KeyPair(): KeyPair {
  return generateKeyPairSync('ec', P256)
}

const ready: KeyPair[] = []
let running = 0
let wanted = 0

/**
 * A P-384 pair costs about a millisecond, as much as the signature. The first is made on the spot; from then on a few are
 * made ahead on other threads. Where they ran out, those that are finished but not delivered yet are let in by one turn of
 * the event loop before another is made on the spot.
 */
export function p384KeyPair(): Awaitable<KeyPair> {
  if (ready.length > 0 || running === 0) return take()
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(take())
      } catch (error) {
        reject(error)
      }
    })
  })
}

function take(): KeyPair {
  const pair = ready.pop()
  if (pair === undefined) wanted = Math.min(Math.max(1, wanted * 2), MOST_WAITING)
  refill()
  return pair ?? generateKeyPairSync('ec', P384)
}

function refill(): void {
  while (running < MOST_RUNNING && ready.length + running < wanted) {
    running++
    generateKeyPair('ec', P384, (error, publicKey, privateKey) => {
      running--
      // A failure here is left to the next caller, who meets it on the spot.
      if (error !== null) return
      ready.push({ publicKey, privateKey })
      refill()
    })
  }
}
