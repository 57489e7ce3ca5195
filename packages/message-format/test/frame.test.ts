import { describe, expect, it } from 'vitest'
import {
  type BodyKind,
  bodyAad,
  bodyAadCounterOffset,
  encodeFooter,
  FINAL_FRAME_CONTENT_OFFSET,
  FINAL_FRAME_OVERHEAD,
  NON_FRAMED_CONTENT_OFFSET,
  NON_FRAMED_OVERHEAD,
  REGULAR_FRAME_CONTENT_OFFSET,
  REGULAR_FRAME_OVERHEAD,
  writeFinalFrameHeader,
  writeRegularFrameHeader,
} from '../src/index.ts'
import { counting, toHex, uint } from './support/messages.ts'

describe('the clear part of a frame', () => {
  it('is sequence ‖ iv in a regular frame', () => {
    const target = new Uint8Array(24).fill(0xcc)
    writeRegularFrameHeader(target, 4, 0x01020304)
    expect(toHex(target)).toBe(`cccccccc${'01020304'}${'0000000000000000'}${'01020304'}cccccccc`)
  })

  it('is marker ‖ sequence ‖ iv ‖ length in a final frame', () => {
    const target = new Uint8Array(32).fill(0xcc)
    writeFinalFrameHeader(target, 4, 0xffffffff, 0xfffffffe)
    expect(toHex(target)).toBe(`cccccccc${'ffffffff'}${'ffffffff'}${'0000000000000000'}${'ffffffff'}fffffffecccccccc`)
  })

  it('and the tag make up the overhead', () => {
    expect([REGULAR_FRAME_CONTENT_OFFSET, REGULAR_FRAME_OVERHEAD]).toEqual([4 + 12, 4 + 12 + 16])
    expect([FINAL_FRAME_CONTENT_OFFSET, FINAL_FRAME_OVERHEAD]).toEqual([4 + 4 + 12 + 4, 4 + 4 + 12 + 4 + 16])
    expect([NON_FRAMED_CONTENT_OFFSET, NON_FRAMED_OVERHEAD]).toEqual([12 + 8, 12 + 8 + 16])
  })
})

describe('the additional data of a body', () => {
  const labels: readonly [BodyKind, string][] = [
    ['frame', 'AWSKMSEncryptionClient Frame'],
    ['final-frame', 'AWSKMSEncryptionClient Final Frame'],
    ['non-framed', 'AWSKMSEncryptionClient Single Block'],
  ]

  it.each(labels)('of a %s is message id ‖ "%s" ‖ sequence ‖ length', (kind, label) => {
    for (const idLength of [16, 32]) {
      const id = counting(idLength)
      const text = toHex(new TextEncoder().encode(label))
      expect(toHex(bodyAad(id, kind, 0xfffffffe, 2 ** 36 - 32))).toBe(`${toHex(id)}${text}fffffffe0000000fffffffe0`)
      expect(bodyAadCounterOffset(id, kind)).toBe(idLength + label.length)
    }
  })

  it('has its sequence number where the offset says', () => {
    const id = counting(32)
    const aad = bodyAad(id, 'frame', 7, 4096)
    aad.set(uint(8, 4), bodyAadCounterOffset(id, 'frame'))
    expect(aad).toEqual(bodyAad(id, 'frame', 8, 4096))
  })
})

describe('the footer', () => {
  it('is length ‖ signature', () => {
    expect(toHex(encodeFooter(counting(3)))).toBe('0003010203')
    expect(encodeFooter(new Uint8Array(65535)).length).toBe(65537)
  })

  it.each([0, 65536])('refuses a signature of %i bytes', (length) => {
    expect(() => encodeFooter(new Uint8Array(length))).toThrow(RangeError)
  })
})
