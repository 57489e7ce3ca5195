import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bodyLength,
  encryptedLength,
  encryptionContext,
  frameOffset,
  headerLength,
  plaintextLengthOf,
  suiteById,
} from '../src/index.ts'
import { anyHeader, body, concat, encodedHeader, header, message } from './support/messages.ts'

const unsigned = suiteById(0x0478)
const refuses = (code: string): unknown => expect.objectContaining({ code })
const anyFrameLength = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 0xffffffff }))

describe('headerLength', () => {
  it('is the length of the header that is written', () => {
    fc.assert(
      fc.property(anyHeader, (of) => {
        fc.pre(of.suite.signature === null)
        expect(headerLength(of)).toBe(encodedHeader(of).length)
      }),
    )
  })

  it.each([
    [0x0014, 62],
    [0x0478, 92],
  ])('of suite %i is as the specification gives it without context and keys', (id, length) => {
    expect(headerLength({ suite: suiteById(id), encryptedDataKeys: [] })).toBe(length)
  })

  it.each([
    [0x0214, 44],
    [0x0378, 68],
    [0x0578, 68],
  ])('of suite %i counts the public key that is added to the context, once', (id, length) => {
    for (const pairs of [{}, { tenant: 'acme' }]) {
      const full = encryptionContext({ ...pairs, 'aws-crypto-public-key': 'x'.repeat(length) })
      const description = header({ suite: suiteById(id), encryptionContext: full })
      const expected = encodedHeader(description).length
      expect(headerLength(description)).toBe(expected)
      expect(headerLength({ ...description, encryptionContext: encryptionContext(pairs) })).toBe(expected)
    }
  })

  it('needs only the lengths of an encrypted data key', () => {
    const key = { providerId: '봉', keyInfo: { length: 100 }, ciphertext: { length: 200 } }
    expect(headerLength({ suite: unsigned, encryptedDataKeys: [key] })).toBe(92 + 6 + 3 + 300)
  })

  it('refuses what cannot be written', () => {
    const key = { providerId: '\ud800', keyInfo: { length: 1 }, ciphertext: { length: 1 } }
    expect(() => headerLength({ suite: unsigned, encryptedDataKeys: [key] })).toThrow(TypeError)
    const context = { k: 'x'.repeat(65536) }
    expect(() => headerLength({ suite: unsigned, encryptionContext: context, encryptedDataKeys: [] })).toThrow(
      refuses('ERR_CONTEXT'),
    )
  })

  it('refuses what no header holds, as the encoder does', () => {
    const [longest, over] = [{ length: 65535 }, { length: 65536 }]
    const of = (key: object) => ({
      suite: unsigned,
      encryptedDataKeys: [{ providerId: 'k', keyInfo: longest, ciphertext: longest, ...key }],
    })
    expect(headerLength(of({}))).toBe(92 + 6 + 1 + 2 * 65535)
    for (const key of [
      { keyInfo: over },
      { ciphertext: over },
      { providerId: 'k'.repeat(65536) },
      { keyInfo: { length: 0.5 } },
    ]) {
      expect(() => headerLength(of(key))).toThrow(RangeError)
    }
    const [key] = of({}).encryptedDataKeys
    expect(() => headerLength({ suite: unsigned, encryptedDataKeys: Array(65536).fill(key) })).toThrow(RangeError)
  })

  it('refuses a context that leaves no room for the public key', () => {
    const pairOf = (length: number) => encryptionContext({ k: 'x'.repeat(length - 2 - 5) })
    const signed = { suite: suiteById(0x0578), encryptedDataKeys: [] }
    const room = 65535 - (4 + 21 + 68)
    expect(headerLength({ ...signed, encryptionContext: pairOf(room) })).toBe(92 + 65535)
    expect(() => headerLength({ ...signed, encryptionContext: pairOf(room + 1) })).toThrow(refuses('ERR_CONTEXT'))
    expect(headerLength({ ...signed, suite: unsigned, encryptionContext: pairOf(room + 1) })).toBe(92 + room + 1)
  })
})

describe('encryptedLength', () => {
  it.each([0, 1, 7, 8, 9, 16, 17, 800])('of %i bytes is exact for unsigned suites', (plaintextLength) => {
    for (const id of [0x0078, 0x0478]) {
      const of = header({ suite: suiteById(id) })
      const { length } = message(plaintextLength, of)
      expect(encryptedLength({ plaintextLength, ...of })).toEqual({ minimum: length, maximum: length })
      const byLength = { plaintextLength, suite: of.suite, frameLength: 8, headerLength: encodedHeader(of).length }
      expect(encryptedLength(byLength)).toEqual({ minimum: length, maximum: length })
    }
  })

  it.each([
    [0x0214, 44, 72],
    [0x0578, 68, 104],
  ])('of suite %i is bounded by the signature’s DER', (id, publicKey, longest) => {
    const encryptionContext = { 'aws-crypto-public-key': 'x'.repeat(publicKey) }
    const of = header({ suite: suiteById(id), encryptionContext })
    const beforeFooter = concat(encodedHeader(of), body(20, 8)).length
    expect(encryptedLength({ plaintextLength: 20, ...of })).toEqual({
      minimum: beforeFooter + 2 + 8,
      maximum: beforeFooter + 2 + longest,
    })
  })

  it.each([-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])(
    'refuses a plaintext of %d bytes',
    (plaintextLength) => {
      expect(() => encryptedLength({ plaintextLength, ...header() })).toThrow(RangeError)
    },
  )

  it.each([0, -1, 1.5, 2 ** 32, Number.NaN])('refuses frames of %d bytes', (frameLength) => {
    expect(() => encryptedLength({ plaintextLength: 1, ...header(), frameLength })).toThrow(RangeError)
  })

  it.each([0, 1.5, Number.NaN])('refuses a header of %d bytes', (length) => {
    const description = { plaintextLength: 1, suite: unsigned, frameLength: 1, headerLength: length }
    expect(() => encryptedLength(description)).toThrow(RangeError)
  })

  it('refuses a sum over 2^53-1', () => {
    const description = { suite: unsigned, frameLength: 0xffffffff, headerLength: 100 }
    const fits = Number.MAX_SAFE_INTEGER - 2 ** 31
    expect(encryptedLength({ ...description, plaintextLength: fits }).maximum).toBeGreaterThan(fits)
    expect(() => encryptedLength({ ...description, plaintextLength: Number.MAX_SAFE_INTEGER })).toThrow(RangeError)
  })
})

describe('bodyLength and plaintextLengthOf', () => {
  it('are inverse, up to the largest lengths there are', () => {
    const anyLength = fc.oneof(fc.nat(1000), fc.maxSafeNat())
    fc.assert(
      fc.property(anyLength, anyFrameLength, (plaintextLength, frameLength) => {
        fc.pre(plaintextLength / frameLength < 2 ** 32 - 2 && plaintextLength < 2 ** 53 / 34)
        const layout = plaintextLengthOf(bodyLength(plaintextLength, frameLength), frameLength)
        expect(layout.plaintextLength).toBe(plaintextLength)
        expect(layout.regularFrames * frameLength + layout.finalContentLength).toBe(plaintextLength)
        expect(layout.finalContentLength === 0).toBe(plaintextLength === 0)
      }),
    )
  })

  it('fill the final frame where the plaintext divides evenly', () => {
    expect(plaintextLengthOf(bodyLength(24, 8), 8)).toEqual({
      plaintextLength: 24,
      regularFrames: 2,
      finalContentLength: 8,
    })
  })

  it('tell an empty final frame, which other writers add', () => {
    const { length } = body(24, 8, { emptyFinalFrame: true })
    expect(plaintextLengthOf(length, 8)).toEqual({ plaintextLength: 24, regularFrames: 3, finalContentLength: 0 })
  })

  it('hold at 2^32 and beyond', () => {
    expect(bodyLength(2 ** 32, 2 ** 32 - 1)).toBe(2 ** 32 + 32 + 40)
    const most = 2 ** 44 - 4096
    expect(bodyLength(most, 4096)).toBe(most + (2 ** 32 - 2) * 32 + 40)
    expect(plaintextLengthOf(bodyLength(most, 4096), 4096)).toMatchObject({
      plaintextLength: most,
      regularFrames: 2 ** 32 - 2,
    })
  })

  it('refuse more frames than a message may have', () => {
    const most = 2 ** 32 - 1
    expect(bodyLength(most, 1)).toBe((most - 1) * 33 + 41)
    expect(() => bodyLength(most + 1, 1)).toThrow(RangeError)
    expect(plaintextLengthOf((most - 1) * 33 + 41, 1).regularFrames).toBe(most - 1)
    expect(() => plaintextLengthOf(most * 33 + 41, 1)).toThrow(refuses('ERR_MALFORMED'))
  })

  it.each([0, 1, 39])('a body of %i bytes was truncated', (length) => {
    expect(() => plaintextLengthOf(length, 8)).toThrow(refuses('ERR_TRUNCATED'))
  })

  it('refuse a body of a length that no message has', () => {
    const possible = new Set(Array.from({ length: 60 }, (_, plaintext) => bodyLength(plaintext, 8)))
    for (let length = 40; length < 300; length++) {
      const emptyFinal = (length - 40) % 40 === 0
      if (possible.has(length) || emptyFinal)
        expect(plaintextLengthOf(length, 8).finalContentLength).toBe((length - 40) % 40)
      else expect(() => plaintextLengthOf(length, 8)).toThrow(refuses('ERR_MALFORMED'))
    }
  })

  it('refuse lengths that are no whole numbers', () => {
    for (const length of [-1, 0.5, 2 ** 53]) expect(() => plaintextLengthOf(length, 8)).toThrow(RangeError)
    for (const length of [0, 0.5, 2 ** 32]) expect(() => plaintextLengthOf(100, length)).toThrow(RangeError)
  })
})

describe('frameOffset', () => {
  it('is where a frame begins', () => {
    const bytes = body(100, 8)
    for (let sequence = 1; sequence <= 12; sequence++) expect(bytes[frameOffset(sequence, 8) + 3]).toBe(sequence)
    expect([...bytes.subarray(frameOffset(13, 8)).subarray(0, 8)]).toEqual([255, 255, 255, 255, 0, 0, 0, 13])
    expect(frameOffset(2 ** 32 - 1, 65536)).toBe((2 ** 32 - 2) * 65568)
  })

  it.each([0, -1, 1.5, 2 ** 32])('refuses the sequence number %d', (sequence) => {
    expect(() => frameOffset(sequence, 8)).toThrow(RangeError)
  })

  it('refuses an offset over 2^53-1 and a frame length that there is not', () => {
    expect(() => frameOffset(2 ** 32 - 1, 2 ** 32 - 1)).toThrow(RangeError)
    expect(() => frameOffset(1, 0)).toThrow(RangeError)
  })
})
