import { nodeEngine } from '@bongtu/crypto/node'
import { copy, toHex } from './bytes.ts'
import type { DomainKey, DomainKeys } from './domain-keys.ts'
import { HsmError } from './errors.ts'

/**
 * The clear form of a domain: what the root key seals.
 *
 *     offset  length
 *          0       1  01, the version of this layout
 *          1       4  version of the domain, big endian: 1, and one more with each rotation
 *          5       1  n, how many domain keys follow, 1 to 32
 *          6    56·n  newest first, the first is active:
 *                       16  id, random     8  created, milliseconds since 1970, big endian     32  AES-256 key
 */
const HEADER_LENGTH = 6
const ENTRY_LENGTH = 56
const ID_LENGTH = 16
const KEY_AT = 24

/** More than eight are in a ring only while tokens under older ones cannot be opened. */
export const MAX_DOMAIN_KEYS = 32

/** The ring of a new domain. The caller zeroes it. */
export function newRing(now: number): Uint8Array {
  return writeRing(1, new Uint8Array(0), now)
}

/**
 * The ring with a fresh key in front, without the keys whose ids are in `leaving`; the active key never leaves. `ringFull` if it
 * would have more than 32 keys. The caller zeroes both.
 */
export function rotatedRing(ring: Uint8Array, leaving: readonly string[], now: number): Uint8Array {
  checkRing(ring)
  const kept = new Uint8Array(ring.length)
  let used = 0
  for (let at = HEADER_LENGTH; at < ring.length; at += ENTRY_LENGTH) {
    const isActive = at === HEADER_LENGTH
    if (!isActive && leaving.includes(toHex(ring.subarray(at, at + ID_LENGTH)))) continue
    kept.set(ring.subarray(at, at + ENTRY_LENGTH), used)
    used += ENTRY_LENGTH
  }
  try {
    if (used >= MAX_DOMAIN_KEYS * ENTRY_LENGTH) {
      throw new HsmError(
        'ringFull',
        `the domain has ${MAX_DOMAIN_KEYS} domain keys, and key tokens are under each of them`,
      )
    }
    return writeRing(ringVersion(ring) + 1, kept.subarray(0, used), now)
  } finally {
    kept.fill(0)
  }
}

export function ringVersion(ring: Uint8Array): number {
  return new DataView(ring.buffer, ring.byteOffset).getUint32(1)
}

/** The keys of a ring as ciphers, which hold copies: the caller zeroes the ring. */
export function openRing(ring: Uint8Array): DomainKeys {
  checkRing(ring)
  const entries: DomainKey[] = []
  for (let at = HEADER_LENGTH; at < ring.length; at += ENTRY_LENGTH) {
    entries.push({
      id: copy(ring.subarray(at, at + ID_LENGTH)),
      createdAt: Number(new DataView(ring.buffer, ring.byteOffset).getBigUint64(at + ID_LENGTH)),
      cipher: nodeEngine.aesGcm(ring.subarray(at + KEY_AT, at + ENTRY_LENGTH)),
    })
  }
  const [active] = entries
  if (active === undefined) throw malformed()
  return { version: ringVersion(ring), active, byId: new Map(entries.map((entry) => [toHex(entry.id), entry])) }
}

function writeRing(version: number, kept: Uint8Array, now: number): Uint8Array {
  const ring = new Uint8Array(HEADER_LENGTH + ENTRY_LENGTH + kept.length)
  const view = new DataView(ring.buffer)
  ring[0] = 1
  view.setUint32(1, version)
  ring[5] = 1 + kept.length / ENTRY_LENGTH
  ring.set(nodeEngine.random(ID_LENGTH), HEADER_LENGTH)
  view.setBigUint64(HEADER_LENGTH + ID_LENGTH, BigInt(now))
  const key = nodeEngine.random(ENTRY_LENGTH - KEY_AT)
  ring.set(key, HEADER_LENGTH + KEY_AT)
  key.fill(0)
  ring.set(kept, HEADER_LENGTH + ENTRY_LENGTH)
  return ring
}

function checkRing(ring: Uint8Array): void {
  const count = ring[5] ?? 0
  if (ring[0] !== 1 || count < 1 || count > MAX_DOMAIN_KEYS) throw malformed()
  if (ring.length !== HEADER_LENGTH + count * ENTRY_LENGTH) throw malformed()
}

/** It was authenticated, so it is whole, and of a later bongtu. */
function malformed(): HsmError {
  return new HsmError(
    'wrongRoot',
    'the sealed domain is of a layout that this version does not know: use a newer bongtu',
  )
}
