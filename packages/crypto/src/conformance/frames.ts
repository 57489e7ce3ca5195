import type { AesGcm, Engine, FrameBatch } from '../engine.ts'
import { failure, hex, ramp, view } from './bytes.ts'
import type { TestApi } from './test-api.ts'

/** How a record is laid out around its ciphertext. */
interface RecordShape {
  readonly name: string
  readonly ivOffset: number
  readonly contentOffset: number
  readonly trailer: number
}

const SHAPES: readonly RecordShape[] = [
  { name: 'regular frame', ivOffset: 4, contentOffset: 16, trailer: 0 },
  { name: 'final frame', ivOffset: 8, contentOffset: 24, trailer: 0 },
  { name: 'non-framed body', ivOffset: 0, contentOffset: 20, trailer: 0 },
  { name: 'record with bytes behind the tag', ivOffset: 1, contentOffset: 13, trailer: 3 },
]
const AAD_LENGTH = 50
const AAD_COUNTER_OFFSET = 38
const SPARE = 5

/** A batch over fresh arrays with room to spare; records hold their ivs, and bytes that no engine may touch. */
function batchOf(shape: RecordShape, count: number, contentLength: number, firstCounter = 1): FrameBatch {
  const recordStride = shape.contentOffset + contentLength + 16 + shape.trailer
  return {
    count,
    contentLength,
    records: ramp(count * recordStride + SPARE, 1),
    recordStride,
    ivOffset: shape.ivOffset,
    contentOffset: shape.contentOffset,
    plaintext: ramp(count * contentLength + SPARE, 2),
    aad: ramp(AAD_LENGTH, 3),
    aadCounterOffset: AAD_COUNTER_OFFSET,
    firstCounter,
  }
}

function recordOf(batch: FrameBatch, i: number): Uint8Array {
  return batch.records.subarray(i * batch.recordStride, (i + 1) * batch.recordStride)
}

function aadOf(batch: FrameBatch, i: number): Uint8Array {
  const aad = ramp(AAD_LENGTH, 3)
  new DataView(aad.buffer, aad.byteOffset).setUint32(AAD_COUNTER_OFFSET, batch.firstCounter + i)
  return aad
}

/** What the records must become: each frame sealed alone, everything else untouched. */
async function expectedRecords(gcm: AesGcm, batch: FrameBatch): Promise<Uint8Array> {
  const records = view(batch.records)
  for (let i = 0; i < batch.count; i++) {
    const iv = recordOf(batch, i).slice(batch.ivOffset, batch.ivOffset + 12)
    const content = batch.plaintext.slice(i * batch.contentLength, (i + 1) * batch.contentLength)
    records.set(await gcm.seal(iv, content, aadOf(batch, i)), i * batch.recordStride + batch.contentOffset)
  }
  return records
}

export function framesConformance(engine: Engine, api: TestApi): void {
  api.describe('sealFrames and openFrames', () => {
    for (const shape of SHAPES) shapeConformance(engine, api, shape)
    boundsConformance(engine, api)
  })
}

function shapeConformance(engine: Engine, { it, expect }: TestApi, shape: RecordShape): void {
  it(`seals each ${shape.name} as if alone, and touches nothing else`, async () => {
    for (const keyLength of [16, 24, 32]) {
      const gcm = await engine.aesGcm(ramp(keyLength))
      for (const [count, contentLength] of [
        [0, 9],
        [1, 0],
        [1, 1],
        [2, 16],
        [5, 0],
        [7, 33],
        [70, 5],
      ] as const) {
        const batch = batchOf(shape, count, contentLength)
        const expected = await expectedRecords(gcm, batch)
        const plaintext = hex(batch.plaintext)
        await gcm.sealFrames(batch)
        expect(hex(batch.records)).toBe(hex(expected))
        expect(hex(batch.plaintext)).toBe(plaintext)
        if (count > 0) expect(hex(batch.aad)).toBe(hex(aadOf(batch, count - 1)))
      }
    }
  })

  it(`opens each ${shape.name} that it sealed, and touches nothing else`, async () => {
    const gcm = await engine.aesGcm(ramp(32))
    for (const [count, contentLength] of [
      [0, 9],
      [1, 0],
      [1, 1],
      [2, 16],
      [5, 0],
      [7, 33],
      [70, 5],
    ] as const) {
      const sealed = batchOf(shape, count, contentLength, 4_000_000_000)
      await gcm.sealFrames(sealed)
      const opened = { ...sealed, plaintext: ramp(sealed.plaintext.length, 90) }
      const records = hex(sealed.records)
      expect(await gcm.openFrames(opened)).toBe(count)
      const used = count * contentLength
      expect(hex(opened.plaintext.subarray(0, used))).toBe(hex(sealed.plaintext.subarray(0, used)))
      expect(hex(opened.plaintext.subarray(used))).toBe(hex(ramp(sealed.plaintext.length, 90).subarray(used)))
      expect(hex(opened.records)).toBe(records)
    }
  })

  it(`answers how many of each ${shape.name} verified before a corrupt one, and zeroes the rest`, async () => {
    const gcm = await engine.aesGcm(ramp(32))
    const [count, contentLength] = [6, 11]
    const sealed = batchOf(shape, count, contentLength)
    await gcm.sealFrames(sealed)
    const places = [shape.ivOffset, shape.ivOffset + 11, shape.contentOffset, shape.contentOffset + contentLength + 15]
    for (let k = 0; k < count; k++) {
      for (const place of places) {
        const corrupt = { ...sealed, records: view(sealed.records), plaintext: ramp(sealed.plaintext.length, 90) }
        const at = k * sealed.recordStride + place
        corrupt.records[at] = (corrupt.records[at] ?? 0) ^ 1
        expect(await gcm.openFrames(corrupt)).toBe(k)
        const good = k * contentLength
        const used = count * contentLength
        expect(hex(corrupt.plaintext.subarray(0, good))).toBe(hex(sealed.plaintext.subarray(0, good)))
        expect(corrupt.plaintext.subarray(good, used).every((byte) => byte === 0)).toBe(true)
        expect(hex(corrupt.plaintext.subarray(used))).toBe(hex(ramp(sealed.plaintext.length, 90).subarray(used)))
      }
    }
  })

  it(`opens no ${shape.name} under another counter, other additional data or in another place`, async () => {
    const gcm = await engine.aesGcm(ramp(32))
    const sealed = batchOf(shape, 3, 8)
    await gcm.sealFrames(sealed)
    expect(await gcm.openFrames({ ...sealed, plaintext: ramp(40), firstCounter: 2 })).toBe(0)
    expect(await gcm.openFrames({ ...sealed, plaintext: ramp(40), aad: ramp(AAD_LENGTH, 4) })).toBe(0)
    const swapped = view(sealed.records)
    swapped.set(recordOf(sealed, 2), sealed.recordStride)
    swapped.set(recordOf(sealed, 1), 2 * sealed.recordStride)
    expect(await gcm.openFrames({ ...sealed, plaintext: ramp(40), records: swapped })).toBe(1)
  })
}

function boundsConformance(engine: Engine, { it, expect }: TestApi): void {
  const [shape = { name: '', ivOffset: 0, contentOffset: 12, trailer: 0 }] = SHAPES
  const good = batchOf(shape, 3, 8)
  const exact = good.records.length - SPARE
  const WRONG: Readonly<Record<string, Partial<FrameBatch>>> = {
    'a count below zero': { count: -1 },
    'half a frame': { count: 1.5 },
    'a length that is no number': { contentLength: Number.NaN },
    'records that overlap': { recordStride: good.recordStride - 1 },
    'records that end early': { records: good.records.subarray(0, exact - 1) },
    'plaintext that ends early': { plaintext: good.plaintext.subarray(0, 23) },
    'content that overlaps its iv': { contentOffset: shape.ivOffset + 11 },
    'a counter outside the additional data': { aadCounterOffset: AAD_LENGTH - 3 },
    'a counter past 32 bits': { firstCounter: 0xfffffffe },
    'a counter below zero': { firstCounter: -1 },
  }
  for (const [name, wrong] of Object.entries(WRONG)) {
    it(`refuses ${name}`, async () => {
      const gcm = await engine.aesGcm(ramp(32))
      expect(await failure(() => gcm.sealFrames({ ...good, ...wrong }))).toBe('RangeError')
      expect(await failure(() => gcm.openFrames({ ...good, ...wrong }))).toBe('RangeError')
    })
  }

  it('takes the last counter of all, and arrays without room to spare', async () => {
    const gcm = await engine.aesGcm(ramp(32))
    const last = batchOf(shape, 1, 8, 0xffffffff)
    const tight = {
      ...last,
      records: last.records.subarray(0, last.recordStride),
      plaintext: last.plaintext.subarray(0, 8),
    }
    await gcm.sealFrames(tight)
    const opened = { ...tight, plaintext: new Uint8Array(8) }
    expect(await gcm.openFrames(opened)).toBe(1)
    expect(hex(opened.plaintext)).toBe(hex(tight.plaintext))
  })
}
