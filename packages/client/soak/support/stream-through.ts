/** `stream-through.ts node|web BYTES`: so many bytes through encryption and decryption; prints by how many resident memory rose. */
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { decryptStream, encryptStream } from '../../src/index.ts'
import { decryptTransform, encryptTransform } from '../../src/node.ts'
import { toyKeyring } from '../../test/support/toy-keyring.ts'

const CHUNK = 65_536
const [, , kind, bytes] = process.argv
const length = Number(bytes)
const keyring = toyKeyring()

function* zeros(): Generator<Uint8Array> {
  for (let left = length; left > 0; left -= CHUNK) yield new Uint8Array(Math.min(left, CHUNK))
}

const start = process.memoryUsage.rss()
let peak = 0
let arrived = 0
let untilSample = 0
const sink = new Writable({
  write(chunk: Uint8Array, _encoding, done) {
    arrived += chunk.length
    untilSample -= chunk.length
    if (untilSample <= 0) {
      untilSample = 2 ** 22
      peak = Math.max(peak, process.memoryUsage.rss())
    }
    done()
  },
})
const steps =
  kind === 'web'
    ? [encryptStream({ keyring }), decryptStream({ keyring })]
    : [encryptTransform({ keyring }), decryptTransform({ keyring })]
await pipeline([Readable.from(zeros()), ...(steps as never[]), sink])
if (arrived !== length) throw new Error(`${arrived} of ${length} bytes arrived`)
process.stdout.write(String(Math.max(peak, process.memoryUsage.rss()) - start))
