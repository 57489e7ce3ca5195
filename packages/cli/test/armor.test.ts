import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { BongtuError } from '@bongtu/message-format'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { armor, dearmor } from '../src/armor.ts'

/** Cut into chunks of the given lengths, each a view into something longer. */
const chunked = (bytes: Uint8Array, lengths: readonly number[]): Readable => {
  const chunks: Buffer[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1
    const chunk = bytes.subarray(at, at + length)
    chunks.push(Buffer.concat([Buffer.of(0x41), chunk, Buffer.of(0x41)]).subarray(1, 1 + chunk.length))
    at += length
  }
  return Readable.from(chunks, { objectMode: false })
}

const through = async (bytes: Uint8Array, lengths: readonly number[], stage: 'armor' | 'dearmor'): Promise<Buffer> => {
  const transform = stage === 'armor' ? armor() : dearmor()
  const collected = buffer(transform)
  await Promise.all([pipeline(chunked(bytes, lengths), transform), collected])
  return collected
}

const message = fc
  .tuple(fc.constantFrom([1, 0x80], [2, 0x05]), fc.uint8Array({ maxLength: 300 }))
  .map(([start, rest]) => Buffer.from([...start, ...rest]))
const lengths = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 5 })

describe('armor', () => {
  it('is what other tools write and read, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(message, lengths, async (bytes, cuts) => {
        const text = (await through(bytes, cuts, 'armor')).toString('latin1')
        expect(text.replaceAll('\n', '')).toBe(bytes.toString('base64'))
        expect(await through(Buffer.from(text), cuts, 'dearmor')).toEqual(bytes)
      }),
      { numRuns: 50 },
    )
  })
})

describe('dearmor', () => {
  it('passes on what is no Base64 as it is, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(message, fc.uint8Array({ maxLength: 200 })), lengths, async (bytes, cuts) => {
        fc.pre(!/^(\xef\xbb\xbf)?\s*A[Yg]/.test(Buffer.from(bytes).toString('latin1')))
        expect(await through(bytes, cuts, 'dearmor')).toEqual(Buffer.from(bytes))
      }),
      { numRuns: 50 },
    )
  })

  it.each([
    ['a byte order mark', '\ufeffAYA='],
    ['empty lines before it', '\r\n\r\n  AYA='],
    ['white space within it', 'AY\tA \n='],
    ['no line end', 'AYA='],
  ])('reads text with %s', async (_what, text) => {
    for (const cuts of [[1], [100]])
      expect(await through(Buffer.from(text), cuts, 'dearmor')).toEqual(Buffer.of(1, 0x80))
  })

  it.each([
    ['ends within a group', 'AYA', 'ERR_TRUNCATED'],
    ['ends within its padding', 'AQ=AY=', 'passes'],
    ['goes on behind its padding', 'AYA=AYA=', 'ERR_MALFORMED'],
    ['has padding too early', 'AYAAA===', 'ERR_MALFORMED'],
    ['has a group of one character', 'AYAAA', 'ERR_TRUNCATED'],
    ['has bits beneath its padding', 'AYB=', 'ERR_MALFORMED'],
    ['is in the alphabet for URLs', 'AYA_AYA-', 'ERR_MALFORMED'],
    ['holds a zero byte', 'AYA\0A', 'ERR_MALFORMED'],
  ])('does not read text that %s', async (_what, text, expected) => {
    for (const cuts of [[1], [2], [100]]) {
      const answer = await through(Buffer.from(text), cuts, 'dearmor').catch((error: unknown) => error)
      if (expected === 'passes') expect(answer).toEqual(Buffer.from(text))
      else expect(BongtuError.is(answer) && answer.code).toBe(expected)
    }
  })
})
