/** `memory-child.ts BYTES`: streams so many bytes through encryption and decryption, prints by how many resident memory rose. */
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { decryptTransform, encryptTransform } from '@bongtu/client/node'
import { encryptOptions, KiB } from './setup.ts'

const chunkLength = 64 * KiB

const stream = async (length: number): Promise<number> => {
  const options = encryptOptions(4 * KiB, true)
  let left = length
  let peak = 0
  const source = new Readable({
    read() {
      const chunk = left > 0 ? new Uint8Array(Math.min(left, chunkLength)) : null
      left -= chunk?.length ?? 0
      this.push(chunk)
    },
  })
  let arrived = 0
  const sink = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      arrived += chunk.length
      done()
    },
  })
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20)
  await pipeline(source, encryptTransform(options), decryptTransform({ keyring: options.keyring }), sink)
  clearInterval(sampling)
  if (arrived !== length) throw new Error(`${arrived} of ${length} bytes arrived`)
  return Math.max(peak, process.memoryUsage.rss())
}

const start = process.memoryUsage.rss()
const peak = await stream(Number(process.argv[2]))
process.stdout.write(String(peak - start))
