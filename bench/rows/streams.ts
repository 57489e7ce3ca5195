import { randomBytes } from 'node:crypto'
import { decryptStream, encrypt, encryptStream } from '@bongtu/client'
import { decryptTransform, encryptTransform } from '@bongtu/client/node'
import { decryptCore, encryptCore } from '@bongtu/client/push'
import type { Comparison, Floor, Side } from '../measure.ts'
import type { Section } from '../section.ts'
import { bareCipher } from '../sides/bare-cipher.ts'
import { type Chunks, type Middle, throughCore, throughPipeline } from '../sides/drive.ts'
import { peer } from '../sides/peer.ts'
import { encryptOptions, KiB, MiB, setup } from '../sides/setup.ts'

const chunkLength = 64 * KiB
const total = 64 * MiB

/** The least speed of Node transforms beside the peer. */
const floors = [
  { frameLength: 4 * KiB, signed: false, besidePeer: 3 },
  { frameLength: 64 * KiB, signed: false, besidePeer: 1.7 },
  { frameLength: 4 * KiB, signed: true, besidePeer: 2 },
  { frameLength: 64 * KiB, signed: true, besidePeer: 1.1 },
]

const bare = 'bare cipher loop'
const pushCore = 'push core'
const nodeTransform = 'pipeline, Node transform'
const webStream = 'pipeline, web stream'
const npmPeer = '@aws-crypto/client-node'

const ignore = (): void => {}

async function* comparisons(): AsyncIterable<Comparison> {
  const plaintext = randomBytes(chunkLength)
  const plain: Chunks = Array.from({ length: total / chunkLength }, () => plaintext)
  for (const { frameLength, signed, besidePeer } of floors) {
    const options = encryptOptions(frameLength, signed)
    const { keyring } = options
    const other = peer(setup, frameLength, signed)
    const loop = bareCipher(plaintext, total, frameLength, signed)
    const { ciphertext } = await encrypt(Buffer.concat(plain), options)
    const sealed = inChunks(ciphertext)
    const kind = `${frameLength / KiB} KiB frames, ${signed ? 'signed' : 'unsigned'}`
    const shown: readonly Floor[] = [
      { side: pushCore, beside: bare, atLeast: 0.6 },
      { side: nodeTransform, beside: npmPeer, atLeast: besidePeer },
      { side: nodeTransform, beside: bare },
      { side: webStream, beside: npmPeer },
    ]
    const piped = (name: string, chunks: Chunks, length: number, middle: () => Middle): Side => ({
      name,
      run: async () => expectLength(name, await throughPipeline(chunks, middle()), length),
    })
    const common = { work: total / MiB, unit: 'MiB', floors: shown }
    yield {
      ...common,
      name: `encrypt, ${kind}`,
      sides: [
        { name: bare, run: loop.encrypt },
        { name: pushCore, run: async () => void (await throughCore(plain, encryptCore(options, ignore))) },
        piped(nodeTransform, plain, ciphertext.length, () => encryptTransform(options)),
        piped(webStream, plain, ciphertext.length, () => encryptStream(options)),
        piped(npmPeer, plain, ciphertext.length, other.encryptStream),
      ],
    }
    yield {
      ...common,
      name: `decrypt, ${kind}`,
      sides: [
        { name: bare, run: loop.decrypt },
        { name: pushCore, run: async () => void (await throughCore(sealed, decryptCore({ keyring }, ignore))) },
        piped(nodeTransform, sealed, total, () => decryptTransform({ keyring })),
        piped(webStream, sealed, total, () => decryptStream({ keyring })),
        piped(npmPeer, sealed, total, other.decryptStream),
      ],
    }
  }
}

const inChunks = (message: Uint8Array): Chunks =>
  Array.from({ length: Math.ceil(message.length / chunkLength) }, (_, index) =>
    message.subarray(index * chunkLength, (index + 1) * chunkLength),
  )

/** A side that loses bytes would be fast. A signature varies by a few bytes, and some end on an empty frame. */
const expectLength = (side: string, length: number, expected: number): void => {
  if (Math.abs(length - expected) > 64) throw new Error(`${side} gave ${length} bytes instead of ${expected}`)
}

export const streams: Section = {
  name: 'streams',
  title: `streams: ${total / MiB} MiB in chunks of ${chunkLength / KiB} KiB; the bare loop hashes too where the message is signed`,
  comparisons,
}
