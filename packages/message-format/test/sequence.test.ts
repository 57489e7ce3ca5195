import { describe, expect, it } from 'vitest'
import { decodeFrames } from '../src/body-decoder.ts'
import { type DecodedPart, MAX_FRAMES, writeFinalFrameHeader, writeRegularFrameHeader } from '../src/index.ts'
import { Input } from '../src/input.ts'
import { concat } from './support/messages.ts'

function regular(sequence: number): Uint8Array {
  const frame = new Uint8Array(33)
  writeRegularFrameHeader(frame, 0, sequence)
  return frame
}

function final(sequence: number): Uint8Array {
  const frame = new Uint8Array(40)
  writeFinalFrameHeader(frame, 0, sequence, 0)
  return frame
}

/** Decodes frames as if `first - 1` had gone before: a message of 2^32 frames is too long for a test. */
function decodeFrom(first: number, bytes: Uint8Array): { runs: number[]; last: DecodedPart } {
  const input = new Input()
  input.push(bytes)
  const parts = decodeFrames(input, { describe: () => '' }, { frameLength: 1, maxFrameLength: 1 }, first)
  const runs: number[] = []
  for (;;) {
    const { value, done } = parts.next()
    if (done) return { runs, last: value }
    if (value?.type === 'frames') runs.push(value.firstSequence, value.count)
    if (value === null) throw new Error('more input needed')
  }
}

describe('the last sequence numbers', () => {
  it('end with a final frame of number 2^32-1', () => {
    const bytes = concat(regular(MAX_FRAMES - 2), regular(MAX_FRAMES - 1), final(MAX_FRAMES))
    const { runs, last } = decodeFrom(MAX_FRAMES - 2, bytes)
    expect(runs).toEqual([MAX_FRAMES - 2, 2])
    expect(last).toMatchObject({ type: 'final-frame', sequence: MAX_FRAMES })
  })

  it('leave no room for a regular frame of number 2^32-1, whose number is the final frame’s marker', () => {
    const bytes = concat(regular(MAX_FRAMES - 1), regular(MAX_FRAMES), final(MAX_FRAMES))
    expect(() => decodeFrom(MAX_FRAMES - 1, bytes)).toThrow(expect.objectContaining({ code: 'ERR_MALFORMED' }))
  })

  it('do not start again from 0', () => {
    for (const next of [0, 1]) {
      const bytes = concat(regular(MAX_FRAMES - 1), regular(next), final(next))
      expect(() => decodeFrom(MAX_FRAMES - 1, bytes)).toThrow(expect.objectContaining({ code: 'ERR_MALFORMED' }))
    }
  })
})

describe('a frame whose bytes look like its own number', () => {
  it('is not taken to begin where a chunk does', () => {
    const first = 0x01010101
    const frame = new Uint8Array(33).fill(1)
    const bytes = concat(frame, regular(first + 1))
    for (const cut of [1, 2, 3]) {
      const input = new Input()
      const parts = decodeFrames(input, { describe: () => '' }, { frameLength: 1, maxFrameLength: 1 }, first)
      input.push(bytes.subarray(0, cut))
      expect(parts.next().value).toBeNull()
      input.push(bytes.subarray(cut))
      expect(parts.next().value).toMatchObject({ count: 1, firstSequence: first, records: frame })
      expect(parts.next().value).toMatchObject({ count: 1, firstSequence: first + 1 })
    }
  })
})
