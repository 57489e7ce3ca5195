import { IV_LENGTH } from '@bongtu/crypto'
import { nodeEngine, type SyncAesGcm } from '@bongtu/crypto/node'
import { concat } from '../bytes.ts'
import { HsmError } from '../errors.ts'

/**
 * A sealed ring, byte by byte: the domain token of a domain that stands on a root key.
 *
 *     offset  length
 *          0       1  01, the version of this layout
 *          1       1  kind of root: 01 a key of 256 bits (a root key file), 02 a passphrase by scrypt, 03 a PKCS#11 token
 *          2       …  what that kind needs: nothing with 01; with 02 the cost and salt of scrypt (`passphrase.ts`); with 03
 *                     length (1) and bytes of the key's id in the token, which seals and opens it (`@bongtu/hsm`)
 *                 12  initialisation vector, random
 *             … + 16  AES-256-GCM under the root key: the ring (`key-ring.ts`) and tag; all before is additional data
 */
const VERSION = 1
export const ROOT_KINDS = { key: 1, passphrase: 2 } as const

export function sealedHeader(kind: keyof typeof ROOT_KINDS, details: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(VERSION, ROOT_KINDS[kind]), details)
}

export function sealRing(cipher: SyncAesGcm, header: Uint8Array, ring: Uint8Array): Uint8Array {
  const iv = nodeEngine.random(IV_LENGTH)
  return concat(header, iv, cipher.seal(iv, ring, header))
}

/** Whether `sealed` is for a root of this kind, with `detailsLength` bytes of details. */
export function isSealedBy(kind: keyof typeof ROOT_KINDS, detailsLength: number, sealed: Uint8Array): boolean {
  return sealed[0] === VERSION && sealed[1] === ROOT_KINDS[kind] && sealed.length > 2 + detailsLength + IV_LENGTH
}

export function openRingUnder(cipher: SyncAesGcm, headerLength: number, sealed: Uint8Array): Uint8Array {
  const contentAt = headerLength + IV_LENGTH
  const iv = sealed.subarray(headerLength, contentAt)
  const ring = cipher.open(iv, sealed.subarray(contentAt), sealed.subarray(0, headerLength))
  if (ring === null) throw wrongRoot()
  return ring
}

export function wrongRoot(): HsmError {
  return new HsmError(
    'wrongRoot',
    'the sealed domain does not open under this root: it belongs to another root key or passphrase, or it was altered',
  )
}
