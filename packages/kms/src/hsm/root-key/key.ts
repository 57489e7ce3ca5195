import { nodeEngine } from '@bongtu/crypto/node'
import type { RootKey } from './root-key.ts'
import { isSealedBy, openRingUnder, sealedHeader, sealRing, wrongRoot } from './sealed-ring.ts'

export const ROOT_KEY_LENGTH = 32
const HEADER = sealedHeader('key', new Uint8Array(0))

/** The root that a key of 256 bits is. Copies the key: the caller zeroes its own. */
export function rootOfKey(key: Uint8Array): RootKey {
  const cipher = nodeEngine.aesGcm(key)
  return {
    seal: async (ring) => sealRing(cipher, HEADER, ring),
    open: async (sealed) => {
      if (!isSealedBy('key', 0, sealed)) throw wrongRoot()
      return openRingUnder(cipher, HEADER.length, sealed)
    },
  }
}
