import type { FrameBatch } from '@bongtu/crypto'
import { nobleEngine } from '@bongtu/crypto/noble'
import { nodeEngine } from '@bongtu/crypto/node'
import { webEngine } from '@bongtu/crypto/web'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

/** Any layout that a batch can have, over random memory. */
const batches: fc.Arbitrary<FrameBatch> = fc
  .record({
    count: fc.integer({ min: 1, max: 6 }),
    contentLength: fc.integer({ min: 0, max: 70 }),
    ivOffset: fc.integer({ min: 0, max: 20 }),
    gap: fc.integer({ min: 0, max: 20 }),
    trailer: fc.integer({ min: 0, max: 20 }),
    aadLength: fc.integer({ min: 4, max: 60 }),
    place: fc.double({ min: 0, max: 1, noNaN: true }),
    firstCounter: fc.integer({ min: 0, max: 0xfffffff0 }),
  })
  .map(({ count, contentLength, ivOffset, gap, trailer, aadLength, place, firstCounter }) => {
    const contentOffset = ivOffset + 12 + gap
    const recordStride = contentOffset + contentLength + 16 + trailer
    return {
      count,
      contentLength,
      records: nodeEngine.random(count * recordStride),
      recordStride,
      ivOffset,
      contentOffset,
      plaintext: nodeEngine.random(count * contentLength),
      aad: nodeEngine.random(aadLength),
      aadCounterOffset: Math.floor(place * (aadLength - 4)),
      firstCounter,
    }
  })

const copy = (batch: FrameBatch): FrameBatch => ({
  ...batch,
  records: batch.records.slice(),
  plaintext: batch.plaintext.slice(),
  aad: batch.aad.slice(),
})

describe('frame batches of any layout', () => {
  it('become the same records in every engine', async () => {
    const key = nodeEngine.random(32)
    const [node, web, noble] = [nodeEngine.aesGcm(key), await webEngine.aesGcm(key), await nobleEngine.aesGcm(key)]
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        const [byNode, byWeb, byNoble] = [copy(batch), copy(batch), copy(batch)]
        node.sealFrames(byNode)
        await web.sealFrames(byWeb)
        await noble.sealFrames(byNoble)
        expect(byWeb).toEqual(byNode)
        expect(byNoble).toEqual(byNode)
      }),
      { numRuns: 60 },
    )
  })

  it.each([nodeEngine, webEngine, nobleEngine])(
    'open up to any one changed byte in the $name engine',
    async (engine) => {
      const gcm = await engine.aesGcm(nodeEngine.random(16))
      await fc.assert(
        fc.asyncProperty(batches, fc.nat(), fc.integer({ min: 1, max: 255 }), async (batch, where, change) => {
          await gcm.sealFrames(batch)
          const opened = { ...copy(batch), plaintext: nodeEngine.random(batch.plaintext.length) }
          const at = where % batch.records.length
          opened.records[at] = (opened.records[at] ?? 0) ^ change
          const frame = Math.floor(at / batch.recordStride)
          const within = at % batch.recordStride
          const inIv = within >= batch.ivOffset && within < batch.ivOffset + 12
          const inSealed = within >= batch.contentOffset && within < batch.contentOffset + batch.contentLength + 16
          const expected = inIv || inSealed ? frame : batch.count
          expect(await gcm.openFrames(opened)).toBe(expected)
          const good = expected * batch.contentLength
          expect(opened.plaintext.subarray(0, good)).toEqual(batch.plaintext.subarray(0, good))
          expect(opened.plaintext.subarray(good).every((byte) => byte === 0)).toBe(true)
        }),
        { numRuns: 60 },
      )
    },
  )
})
