import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { decryptStream, encryptStream } from '../src/index.ts'
import { decryptTransform, encryptTransform } from '../src/node.ts'
import { toyKeyring } from './support/toy-keyring.ts'

const MiB = 2 ** 20
const SIZE = 256 * MiB
const CHUNK = 65_536

function* zeros(): Generator<Uint8Array> {
  for (let left = SIZE; left > 0; left -= CHUNK) yield new Uint8Array(CHUNK)
}

const held = (): number => {
  const { arrayBuffers, external } = process.memoryUsage()
  return Math.max(arrayBuffers, external)
}

describe('256 MiB through encryption and decryption leave memory flat', () => {
  const keyring = toyKeyring()
  const options = { keyring, algorithmSuite: 0x0478, frameLength: CHUNK }
  const pairs: Readonly<Record<string, () => unknown[]>> = {
    'as Node transforms': () => [encryptTransform(options), decryptTransform({ keyring })],
    'as web streams': () => [encryptStream(options), decryptStream({ keyring })],
  }
  for (const [how, make] of Object.entries(pairs)) {
    it(how, async () => {
      const start = held()
      let arrived = 0
      let peak = 0
      const sink = new Writable({
        write(chunk: Uint8Array, _encoding, done) {
          if (arrived % MiB < CHUNK) peak = Math.max(peak, held())
          arrived += chunk.length
          done()
        },
      })
      await pipeline([Readable.from(zeros()), ...(make() as never[]), sink])
      expect(arrived).toBe(SIZE)
      // Most of it is what the collector has not got round to.
      expect(peak - start).toBeLessThan(128 * MiB)
    })
  }
})
