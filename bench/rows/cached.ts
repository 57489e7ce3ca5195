import { randomBytes } from 'node:crypto'
import { decrypt, encrypt } from '@bongtu/client'
import { dataKeyCache } from '@bongtu/data-key-cache'
import type { Comparison, Side } from '../measure.ts'
import type { Section } from '../section.ts'
import { cachingPeer } from '../sides/peer.ts'
import { encryptOptions, KiB, setup } from '../sides/setup.ts'

const size = KiB
const runs = 2_000
const frameLength = 4 * KiB

/** The same for both sides: nothing expires or is used up while they are measured. */
const limits = { capacity: 100, maxAge: 60 * 60 * 1000 }

const kinds = [
  { signed: false, kind: 'unsigned', atLeast: 5 },
  { signed: true, kind: 'signed', atLeast: 1.5 },
]

const ours = 'bongtu, dataKeyCache'
const npmPeer = 'client-node, caching CMM'

function* comparisons(): Iterable<Comparison> {
  const plaintext = randomBytes(size)
  for (const { signed, kind, atLeast } of kinds) {
    const { encrypting, decrypting } = cachedBongtu(signed)
    const other = cachingPeer(setup, frameLength, signed, limits)
    const common = { work: runs, unit: 'messages', floors: [{ side: ours, beside: npmPeer, atLeast }] }
    yield {
      ...common,
      name: `encrypt, 1 KiB, ${kind}`,
      sides: [times(ours, () => encrypting(plaintext)), times(npmPeer, () => other.encrypt(plaintext))],
    }
    yield {
      ...common,
      name: `decrypt, 1 KiB, ${kind}`,
      sides: [
        afterOne(ours, () => encrypting(plaintext), decrypting),
        afterOne(npmPeer, () => other.encrypt(plaintext), other.decrypt),
      ],
    }
  }
}

interface Cached {
  readonly encrypting: (plaintext: Uint8Array) => Promise<Uint8Array>
  readonly decrypting: (message: Uint8Array) => Promise<Uint8Array>
}

const cachedBongtu = (signed: boolean): Cached => {
  const options = { ...encryptOptions(frameLength, signed), cache: dataKeyCache(limits) }
  const { keyring, cache } = options
  return {
    encrypting: async (plaintext) => (await encrypt(plaintext, options)).ciphertext,
    decrypting: async (message) => (await decrypt(message, { keyring, cache })).plaintext,
  }
}

const times = (name: string, once: () => Promise<unknown>): Side => ({
  name,
  run: async () => {
    for (let index = 0; index < runs; index++) await once()
  },
})

/** Decrypts one message again and again, as the messages under one data key cost alike. */
const afterOne = (
  name: string,
  make: () => Promise<Uint8Array>,
  once: (message: Uint8Array) => Promise<unknown>,
): Side => {
  const message = make()
  return times(name, async () => once(await message))
}

export const cached: Section = {
  name: 'cached',
  title: 'one message after another under one cached data key, 1 KiB in 4 KiB frames',
  comparisons,
}
