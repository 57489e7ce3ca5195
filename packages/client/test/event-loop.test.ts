import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { decrypt, decryptStream, encrypt, encryptStream, openRange } from '../src/index.ts'
import { decryptTransform, encryptTransform } from '../src/node.ts'
import { chunksOf } from './support/bytes.ts'
import { codeOf, rejection } from './support/errors.ts'
import { toyKeyring } from './support/toy-keyring.ts'
import { turnsDuring } from './support/turns.ts'

const MiB = 2 ** 20
const SIZE = 64
const options = { keyring: toyKeyring(), algorithmSuite: 0x0478, frameLength: 65_536 }
const { keyring } = options
const plaintext = new Uint8Array(SIZE * MiB)
const { ciphertext } = await encrypt(plaintext, options)

/** Takes everything at once, so that nothing but the stream itself could wait. */
const sink = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() })

describe('the event loop turns at least once a MiB', () => {
  const work: Readonly<Record<string, () => Promise<unknown>>> = {
    'in encrypt': () => encrypt(plaintext, options),
    'in decrypt': () => decrypt(ciphertext, { keyring }),
    'while a range is read from memory': async () => (await openRange(ciphertext, { keyring })).read(0),
  }
  const inputs = { 'one chunk': SIZE * MiB, 'chunks of 64 KiB': 65_536, 'chunks of 5 MiB': 5 * MiB }
  const streams = {
    encryptStream: [() => encryptStream(options), plaintext],
    encryptTransform: [() => encryptTransform(options), plaintext],
    decryptStream: [() => decryptStream({ keyring }), ciphertext],
    decryptTransform: [() => decryptTransform({ keyring }), ciphertext],
  } as const
  const piped = Object.entries(streams).flatMap(([name, [make, bytes]]) =>
    Object.entries(inputs).map(([what, length]) => [
      `in a pipeline of ${what} in memory through ${name}`,
      () => pipeline(Readable.from(chunksOf(bytes, length)), make() as never, sink()),
    ]),
  )
  const all = { ...work, ...Object.fromEntries(piped) } as Readonly<Record<string, () => Promise<unknown>>>
  for (const [what, run] of Object.entries(all)) {
    it(what, async () => {
      expect(await turnsDuring(run)).toBeGreaterThanOrEqual(SIZE - 1)
    })
  }
})

describe('an abort from a timer is seen before the work is over', () => {
  it('in one-shot calls and ranges, whose promise then rejects with the reason', async () => {
    const calls = [
      (signal: AbortSignal) => encrypt(plaintext, { ...options, signal }),
      (signal: AbortSignal) => decrypt(ciphertext, { keyring, signal }),
      async (signal: AbortSignal) => (await openRange(ciphertext, { keyring, signal })).read(0),
    ]
    for (const call of calls) {
      const controller = new AbortController()
      const reason = new Error('enough')
      setTimeout(() => controller.abort(reason), 0)
      expect(await rejection(call(controller.signal))).toBe(reason)
    }
  })

  it('in a pipeline', async () => {
    for (const make of [encryptStream, encryptTransform]) {
      const controller = new AbortController()
      setTimeout(() => controller.abort(), 0)
      const stream = make({ ...options, signal: controller.signal })
      const error = await rejection(pipeline(Readable.from([plaintext]), stream as never, sink()))
      expect(codeOf(error)).toBe('AbortError')
    }
  })
})
