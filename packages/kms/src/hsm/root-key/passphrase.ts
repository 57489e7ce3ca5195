import { nodeEngine, type SyncAesGcm, scrypt } from '@bongtu/crypto/node'
import { concat, copy, toHex } from '../bytes.ts'
import { HsmError } from '../errors.ts'
import type { RootKeySource } from './root-key.ts'
import { isSealedBy, openRingUnder, sealedHeader, sealRing, wrongRoot } from './sealed-ring.ts'

/**
 * The details of a ring sealed by a passphrase, 36 bytes: the root key is scrypt(passphrase, salt, N, r, p), 32 bytes.
 *
 *     offset  length
 *          2       1  log2 N, 14 to 20
 *          3       1  r, 8
 *          4       2  p, big endian, 1 to 16
 *          6      32  salt, random
 */
const COST_LENGTH = 4
const SALT_LENGTH = 32
const DETAILS_LENGTH = COST_LENGTH + SALT_LENGTH
const HEADER_LENGTH = 2 + DETAILS_LENGTH

export interface PassphraseCost {
  readonly log2N: number
  readonly r: number
  readonly p: number
}

/** 128 MiB of memory and some 0.3 s: N = 2^17, r = 8, p = 1. */
export const SCRYPT_COST: PassphraseCost = { log2N: 17, r: 8, p: 1 }

const MIN_PASSPHRASE_LENGTH = 8
/** What a sealed ring may ask for: up to 1 GiB. More is refused before it is tried. */
const BOUNDS = { minLog2N: 14, maxLog2N: 20, r: 8, maxP: 16 }

/**
 * The root that a passphrase of 8 bytes or more gives by scrypt. Cost and salt stand in what it seals, so it opens what was
 * sealed at another cost. Copies the passphrase; the caller zeroes its own.
 */
export function passphraseRoot(passphrase: Uint8Array, cost: PassphraseCost = SCRYPT_COST): RootKeySource {
  if (passphrase.length < MIN_PASSPHRASE_LENGTH) {
    throw new RangeError(`a passphrase for the root must have at least ${MIN_PASSPHRASE_LENGTH} bytes`)
  }
  checkCost(cost)
  const secret = copy(passphrase)
  const derived = new Map<string, Promise<SyncAesGcm>>()
  const cipherFor = (details: Uint8Array): Promise<SyncAesGcm> => {
    const name = toHex(details)
    const known = derived.get(name)
    if (known !== undefined) return known
    const fresh = derive(secret, details)
    derived.set(name, fresh)
    return fresh
  }
  let own: Uint8Array | undefined

  return async () => ({
    seal: async (ring) => {
      own ??= concat(encodeCost(cost), nodeEngine.random(SALT_LENGTH))
      return sealRing(await cipherFor(own), sealedHeader('passphrase', own), ring)
    },
    open: async (sealed) => {
      if (!isSealedBy('passphrase', DETAILS_LENGTH, sealed)) throw wrongRoot()
      const details = copy(sealed.subarray(2, HEADER_LENGTH))
      const ring = openRingUnder(await cipherFor(details), HEADER_LENGTH, sealed)
      own ??= details
      return ring
    },
  })
}

async function derive(passphrase: Uint8Array, details: Uint8Array): Promise<SyncAesGcm> {
  const cost = decodeCost(details)
  checkCost(cost)
  const N = 2 ** cost.log2N
  const maxmem = 128 * N * cost.r + 128 * cost.r * cost.p + 1_048_576
  const key = await scrypt(passphrase, details.subarray(COST_LENGTH), { N, r: cost.r, p: cost.p, maxmem })
  const cipher = nodeEngine.aesGcm(key)
  key.fill(0)
  return cipher
}

function encodeCost({ log2N, r, p }: PassphraseCost): Uint8Array {
  return Uint8Array.of(log2N, r, p >> 8, p & 0xff)
}

function decodeCost(details: Uint8Array): PassphraseCost {
  const [log2N = 0, r = 0, high = 0, low = 0] = details
  return { log2N, r, p: (high << 8) | low }
}

function checkCost({ log2N, r, p }: PassphraseCost): void {
  const { minLog2N, maxLog2N, maxP } = BOUNDS
  if (!(log2N >= minLog2N && log2N <= maxLog2N && r === BOUNDS.r && p >= 1 && p <= maxP)) {
    throw new HsmError(
      'wrongRoot',
      `the cost of scrypt is outside N = 2^${minLog2N} … 2^${maxLog2N}, r = ${BOUNDS.r}, p = 1 … ${maxP}`,
    )
  }
}
