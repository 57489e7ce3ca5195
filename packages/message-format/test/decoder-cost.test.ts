import { afterEach, describe, expect, it, vi } from 'vitest'
import { encodeHeaderBody, encryptionContext, MessageDecoder } from '../src/index.ts'
import { noLimits } from './support/decoding.ts'
import { concat, encodedHeader, encodedNonFramedHeader, header, hex, message, uint } from './support/messages.ts'

/** What decoding cost, in bytes: copied by `set`, copied by `slice`, and allocated as arrays of a given length. */
interface Cost {
  set: number
  sliced: number
  allocated: number
  largest: number
  parts: number
}

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** Counts instead of timing: every way in which the decoder copies or allocates bytes goes through these. */
function measure(decode: () => number): Cost {
  const cost: Cost = { set: 0, sliced: 0, allocated: 0, largest: 0, parts: 0 }
  const { set, slice } = Uint8Array.prototype
  vi.spyOn(Uint8Array.prototype, 'set').mockImplementation(function (this: Uint8Array, source, offset) {
    cost.set += source.length
    set.call(this, source, offset)
  })
  vi.spyOn(Uint8Array.prototype, 'slice').mockImplementation(function (this: Uint8Array, start, end) {
    const copy = slice.call(this, start, end)
    cost.sliced += copy.length
    return copy
  })
  const counted = new Proxy(Uint8Array, {
    construct(target, [source, ...rest]) {
      if (typeof source === 'number') {
        cost.allocated += source
        cost.largest = Math.max(cost.largest, source)
      }
      return Reflect.construct(target, [source, ...rest])
    },
  })
  vi.stubGlobal('Uint8Array', counted)
  cost.parts = decode()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  return cost
}

/** Decodes in chunks of `size` bytes, whether or not the message is complete. */
function inChunks(bytes: Uint8Array, size: number): () => number {
  return () => {
    const decoder = new MessageDecoder(noLimits)
    let parts = 0
    for (let at = 0; at < bytes.length; at += size) {
      decoder.push(bytes.subarray(at, at + size))
      while (decoder.next() !== null) parts++
    }
    return parts
  }
}

const key = { providerId: 'k', keyInfo: new Uint8Array(3), ciphertext: new Uint8Array(4) }
const manyKeys = encodedHeader(header({ encryptedDataKeys: Array(5000).fill(key) }))
const longContext = encodedHeader(
  header({
    encryptionContext: encryptionContext(
      Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`key ${at}`, 'x'])),
    ),
  }),
)
const longFrames = message(60_000, { frameLength: 20_000 })

describe('the bytes that the decoder copies and allocates', () => {
  it.each([
    ['5,000 encrypted data keys', manyKeys],
    ['a long context', longContext],
    ['long frames', longFrames],
    ['short frames', message(20_000, { frameLength: 10 })],
  ])('grow linearly with what it receives, byte by byte too: %s', (_, bytes) => {
    for (const size of [1, 7, 1000, bytes.length]) {
      const cost = measure(inChunks(bytes, size))
      expect(cost.set).toBeLessThan(4 * bytes.length + 2000)
      expect(cost.sliced).toBeLessThan(2 * bytes.length + 2000)
      expect(cost.allocated).toBeLessThan(4 * bytes.length + 4000)
    }
  })

  it('are none for frames that a chunk holds complete', () => {
    const frames = 1000
    const bytes = message(frames * 100, { frameLength: 100 })
    const headerOnly = measure(inChunks(bytes.subarray(0, encodedHeader(header()).length), 1 << 20))
    const whole = measure(inChunks(bytes, bytes.length))
    expect(whole.parts).toBe(3)
    expect({ ...whole, parts: 0 }).toEqual({ ...headerOnly, parts: 0 })
  })

  it('are about one copy for frames that chunks cut apart, in a buffer that is used again', () => {
    const cost = measure(inChunks(longFrames, 4096))
    expect(cost.largest).toBeLessThanOrEqual(20_040)
    expect(cost.allocated).toBeLessThan(3 * 20_040)
    expect(cost.set).toBeLessThan(longFrames.length + 2 * 20_040)
  })

  it('hold one frame at most', () => {
    const bytes = message(20_000, { frameLength: 1000 })
    for (const size of [1, 999, 1031, 1032, 1033, 5000])
      expect(measure(inChunks(bytes, size)).largest).toBeLessThanOrEqual(1040)
  })
})

describe('a message that announces much and holds little costs what was received', () => {
  const body = encodeHeaderBody(header())
  const announcing: readonly [string, Uint8Array][] = [
    ['65,535 encrypted data keys', concat(body.subarray(0, 53), hex('ffff'))],
    ['a context of 64 KiB', concat(body.subarray(0, 35), hex('ffff'))],
    ['a context of 65,535 pairs', concat(body.subarray(0, 35), hex('ffff ffff'))],
    ['a key of 64 KiB', concat(body.subarray(0, 55), hex('ffff'))],
    ['frames of 4 GiB', encodedHeader(header({ frameLength: 0xffffffff }))],
    [
      'a final frame of 4 GiB',
      concat(
        encodedHeader(header({ frameLength: 0xffffffff })),
        hex('ffffffff 00000001'),
        uint(1, 12),
        hex('fffffffe'),
      ),
    ],
    [
      'a non-framed body of 64 GiB',
      concat(encodedNonFramedHeader(header()), new Uint8Array(12), uint(2 ** 36 - 32, 8)),
    ],
  ]

  it.each(announcing)('%s', (_, start) => {
    for (const more of [0, 1, 2000, 20_000]) {
      const continued = start.length > 100 ? concat(uint(1, 4), new Uint8Array(more)) : new Uint8Array(more)
      const bytes = concat(start, start[start.length - 1] === 0xfe || more === 0 ? new Uint8Array(more) : continued)
      for (const size of [1, 512, bytes.length]) {
        expect(measure(inChunks(bytes, size)).allocated).toBeLessThan(4 * bytes.length + 4000)
      }
    }
  })
})
