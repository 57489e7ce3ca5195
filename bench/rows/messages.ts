import { randomBytes } from 'node:crypto'
import { decrypt, encrypt } from '@bongtu/client'
import type { Comparison, Floor, Side } from '../measure.ts'
import type { Section } from '../section.ts'
import { peer } from '../sides/peer.ts'
import { encryptOptions, KiB, MiB, setup } from '../sides/setup.ts'

const frameLength = 4 * KiB

/** How many messages a run takes, so that one lasts a fair part of a second. */
const sizes = [
  { size: 100, label: '100 B', unsigned: 2000, signed: 400 },
  { size: KiB, label: '1 KiB', unsigned: 2000, signed: 400 },
  { size: MiB, label: '1 MiB', unsigned: 40, signed: 20 },
]

/** The least speed of 1 KiB messages beside the peer. */
const floorAt1KiB = { unsigned: 6, signed: 2 }

const ours = 'bongtu'
const npmPeer = '@aws-crypto/client-node'

async function* comparisons(): AsyncIterable<Comparison> {
  for (const { size, label, ...runsOf } of sizes) {
    for (const signed of [false, true]) {
      const runs = signed ? runsOf.signed : runsOf.unsigned
      const plaintext = randomBytes(size)
      const options = encryptOptions(frameLength, signed)
      const { keyring } = options
      const other = peer(setup, frameLength, signed)
      const { ciphertext } = await encrypt(plaintext, options)
      const floor = signed ? floorAt1KiB.signed : floorAt1KiB.unsigned
      const floors: readonly Floor[] = [
        size === KiB ? { side: ours, beside: npmPeer, atLeast: floor } : { side: ours, beside: npmPeer },
      ]
      const common = { work: runs, unit: 'messages', floors }
      const times = (name: string, once: () => Promise<unknown>): Side => ({
        name,
        run: async () => {
          for (let index = 0; index < runs; index++) await once()
        },
      })
      yield {
        ...common,
        name: `encrypt, ${label}, ${signed ? 'signed' : 'unsigned'}`,
        sides: [times(ours, () => encrypt(plaintext, options)), times(npmPeer, () => other.encrypt(plaintext))],
      }
      yield {
        ...common,
        name: `decrypt, ${label}, ${signed ? 'signed' : 'unsigned'}`,
        sides: [times(ours, () => decrypt(ciphertext, { keyring })), times(npmPeer, () => other.decrypt(ciphertext))],
      }
    }
  }
}

export const messages: Section = {
  name: 'messages',
  title: `one message after another, ${frameLength / KiB} KiB frames`,
  comparisons,
}
