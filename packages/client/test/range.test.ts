import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { webEngine } from '@bongtu/crypto/web'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { algorithmSuites, encrypt, openRange, type RangeSource } from '../src/index.ts'
import { fileSource } from '../src/node.ts'
import { concat, numbered, sameBytes } from './support/bytes.ts'
import { craft } from './support/craft.ts'
import { rejection, rejectionCode } from './support/errors.ts'
import { dissect } from './support/fields.ts'
import { policyFor } from './support/suites.ts'
import { toyKeyring } from './support/toy-keyring.ts'

const keyring = toyKeyring()
const unverified = 'release'
const plaintext = numbered(1000)
const unsigned = await encrypt(plaintext, { keyring, frameLength: 64, algorithmSuite: 0x0478 })

/** A source in memory that remembers what was read of it. */
function observedSource(bytes: Uint8Array): RangeSource & { readonly reads: [number, number][] } {
  const reads: [number, number][] = []
  return {
    size: bytes.length,
    reads,
    read: async (start, end) => {
      reads.push([start, end])
      return bytes.slice(start, end)
    },
  }
}

describe('openRange reads any part of a message', () => {
  it('under every suite and engine, at every start and end', async () => {
    const short = numbered(50)
    for (const suite of algorithmSuites) {
      const { commitmentPolicy } = policyFor(suite)
      const { ciphertext, header } = await encrypt(short, { keyring, frameLength: 16, ...policyFor(suite) })
      for (const engine of [undefined, webEngine]) {
        const options = { keyring, commitmentPolicy, ...(engine === undefined ? {} : { engine }) }
        const range = await openRange(ciphertext, { ...options, unverified })
        expect(range.plaintextLength).toBe(50)
        expect(range.header).toEqual(header)
        const step = engine === undefined ? 1 : 13
        for (let start = 0; start <= 50; start += step) {
          for (let end = start; end <= 50; end += step) {
            expect(sameBytes(await range.read(start, end), short.subarray(start, end))).toBe(true)
          }
        }
      }
    }
  })

  it('for any sizes', async () => {
    const sizes = fc.record({
      size: fc.nat(300),
      frameLength: fc.integer({ min: 1, max: 80 }),
      a: fc.nat(300),
      b: fc.nat(300),
    })
    await fc.assert(
      fc.asyncProperty(sizes, async ({ size, frameLength, a, b }) => {
        const [start = 0, end = 0] = [Math.min(a, size), Math.min(b, size)].sort((x, y) => x - y)
        const { ciphertext } = await encrypt(plaintext.subarray(0, size), {
          keyring,
          frameLength,
          algorithmSuite: 0x0478,
        })
        const range = await openRange(ciphertext, { keyring })
        expect(sameBytes(await range.read(start, end), plaintext.subarray(start, end))).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('to the end where no end is given', async () => {
    const range = await openRange(unsigned.ciphertext, { keyring })
    expect(await range.read(990)).toEqual(plaintext.subarray(990))
    expect(await range.read(1000)).toHaveLength(0)
  })

  it('of messages that end in a full frame, and in an empty one behind full ones', async () => {
    for (const suite of [0x0178, 0x0478, 0x0578]) {
      for (const emptyFinalFrame of [false, true]) {
        for (const size of [0, 16, 64]) {
          const { message, keyring: crafted } = craft({ suite, plaintext: numbered(size), emptyFinalFrame })
          const options = { keyring: crafted, commitmentPolicy: 'require-encrypt-allow-decrypt', unverified } as const
          const range = await openRange(message, options)
          expect(range.plaintextLength).toBe(size)
          expect(await range.read(0)).toEqual(numbered(size))
        }
      }
    }
  })

  it('touching only the frames that hold it, after header and final frame', async () => {
    const source = observedSource(unsigned.ciphertext)
    const range = await openRange(source, { keyring })
    const { header } = dissect(unsigned.ciphertext)
    const frame = (index: number): number => header.length + index * 96
    source.reads.length = 0
    await range.read(64 * 3 + 1, 64 * 5)
    expect(source.reads).toEqual([[frame(3), frame(5)]])
    source.reads.length = 0
    await range.read(64 * 3, 64 * 3)
    expect(source.reads).toEqual([])
  })

  it('many parts at once', async () => {
    const range = await openRange(observedSource(unsigned.ciphertext), { keyring })
    const starts = Array.from({ length: 40 }, (_, index) => index * 25)
    const parts = await Promise.all(starts.map((start) => range.read(start, start + 25)))
    expect(sameBytes(concat(parts), plaintext)).toBe(true)
  })

  it('in runs of about a MiB, so that memory stays flat but for the result', async () => {
    const large = new Uint8Array(5 * 2 ** 20)
    const { ciphertext } = await encrypt(large, { keyring, algorithmSuite: 0x0478 })
    const source = observedSource(ciphertext)
    await (await openRange(source, { keyring })).read(0)
    for (const [start, end] of source.reads) expect(end - start).toBeLessThanOrEqual(2 ** 20)
  })
})

describe('the source', () => {
  it('may be bytes, a Blob, a File, an open file, or anything that reads ranges', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bongtu-'))
    try {
      const path = join(folder, 'message.esdk')
      await writeFile(path, unsigned.ciphertext)
      await using file = await fileSource(path)
      const { ciphertext } = unsigned
      const sources = [
        ciphertext,
        Buffer.from(ciphertext),
        new Blob([ciphertext as BlobPart]),
        file,
        observedSource(ciphertext),
      ]
      if (typeof File === 'function') sources.push(new File([ciphertext as BlobPart], 'message.esdk'))
      for (const source of sources) {
        const range = await openRange(source, { keyring })
        expect(await range.read(100, 200)).toEqual(plaintext.subarray(100, 200))
      }
      const range = await openRange(file, { keyring })
      await truncate(path, 500)
      expect(await rejectionCode(range.read(0))).toBe('TypeError')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('that answers wrong lengths or no bytes is a mistake of the caller', async () => {
    const { ciphertext } = unsigned
    const answers: ((start: number, end: number) => unknown)[] = [
      (start, end) => ciphertext.subarray(start, end - 1),
      (start, end) => concat([ciphertext.subarray(start, end), numbered(1)]),
      () => new Uint8Array(0),
      () => undefined,
      (start, end) => Array.from(ciphertext.subarray(start, end)),
    ]
    for (const answer of answers) {
      const read = async (start: number, end: number): Promise<Uint8Array> => answer(start, end) as Uint8Array
      expect(await rejectionCode(openRange({ size: ciphertext.length, read }, { keyring }))).toBe('TypeError')
    }
    for (const size of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const read = async (): Promise<Uint8Array> => ciphertext
      expect(await rejectionCode(openRange({ size, read }, { keyring }))).toBe('RangeError')
    }
    for (const source of [null, 'path', {}, { size: 3 }]) {
      expect(await rejectionCode(openRange(source as unknown as Uint8Array, { keyring }))).toBe('TypeError')
    }
  })

  it('that fails, fails the call with its own error', async () => {
    const broken = new Error('disk on fire')
    const read = async (): Promise<Uint8Array> => Promise.reject(broken)
    expect(await rejection(openRange({ size: 100, read }, { keyring }))).toBe(broken)
  })

  it('gets the signal, and an aborted one stops before the next read', async () => {
    const controller = new AbortController()
    const seen: unknown[] = []
    const inner = observedSource(unsigned.ciphertext)
    const source: RangeSource = {
      size: inner.size,
      read: (start, end, signal) => {
        seen.push(signal)
        return inner.read(start, end)
      },
    }
    const range = await openRange(source, { keyring, signal: controller.signal })
    expect(seen.every((signal) => signal === controller.signal)).toBe(true)
    const reads = seen.length
    const reason = new Error('enough')
    controller.abort(reason)
    expect(await rejection(range.read(0))).toBe(reason)
    expect(seen).toHaveLength(reads)
  })
})

describe('the ends', () => {
  it('outside the plaintext, or not whole numbers, are a RangeError', async () => {
    const range = await openRange(unsigned.ciphertext, { keyring })
    for (const [start, end] of [
      [-1, 5],
      [0, 1001],
      [6, 5],
      [0.5, 2],
      [0, Number.NaN],
      [1001, undefined],
    ] as const) {
      expect(await rejectionCode(range.read(start, end))).toBe('RangeError')
    }
  })
})
