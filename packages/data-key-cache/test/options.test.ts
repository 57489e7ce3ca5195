import { describe, expect, it } from 'vitest'
import { type DataKeyCacheOptions, dataKeyCache } from '../src/index.ts'

const valid: DataKeyCacheOptions = { capacity: 10, maxAge: 1000 }

describe('the options of a data-key cache', () => {
  it.each([
    [{ capacity: 0 }],
    [{ capacity: 1.5 }],
    [{ capacity: 2 ** 20 + 1 }],
    [{ maxAge: 0 }],
    [{ maxAge: 2 ** 31 - 1 }],
    [{ maxMessages: 0 }],
    [{ maxMessages: 2 ** 32 + 1 }],
    [{ maxBytes: -1 }],
    [{ maxBytes: 2n ** 63n }],
    [{ maxBytes: 0.5 }],
    [{ gracePeriod: 1000 }],
    [{ gracePeriod: -1 }],
  ] satisfies [Partial<DataKeyCacheOptions>][])('refuses %o as out of bounds', (change) => {
    expect(() => dataKeyCache({ ...valid, ...change })).toThrow(RangeError)
  })

  it.each([
    [{ capacity: '10' }],
    [{ maxAge: undefined }],
    [{ maxMessages: null }],
    [{ maxBytes: '5' }],
    [{ maxBytes: null }],
    [{ gracePeriod: null }],
    [{ partition: null }],
    [{ partition: 5 }],
    [{ clock: 5 }],
    [{ maxMesages: 5 }],
  ])('refuses %o as of the wrong type or unknown', (change) => {
    expect(() => dataKeyCache({ ...valid, ...change } as DataKeyCacheOptions)).toThrow(TypeError)
  })

  it('needs both bounds that have no default', () => {
    expect(() => dataKeyCache({ capacity: 10 } as DataKeyCacheOptions)).toThrow(/maxAge/)
    expect(() => dataKeyCache({ maxAge: 10 } as DataKeyCacheOptions)).toThrow(/capacity/)
  })

  it('takes the largest limits that the specification names', () => {
    expect(() => dataKeyCache({ ...valid, maxMessages: 2 ** 32, maxBytes: 2n ** 63n - 1n })).not.toThrow()
  })
})
