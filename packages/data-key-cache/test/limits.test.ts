import { describe, expect, it } from 'vitest'
import { dataKeyCache } from '../src/index.ts'
import { decryption, encryption, generator, stoppedClock, suiteOf, unwrapper } from './support/requests.ts'

const clock = stoppedClock()
const cacheWith = (limits: Partial<Parameters<typeof dataKeyCache>[0]>) =>
  dataKeyCache({ capacity: 10, maxAge: 1000, gracePeriod: 0, clock: clock.read, ...limits })

describe('the limits of an entry', () => {
  it('serves maxMessages messages, and not one more', async () => {
    const cache = cacheWith({ maxMessages: 3 })
    const { call, given } = generator()
    const outcomes: string[] = []
    for (let i = 0; i < 7; i++) outcomes.push((await cache.forEncryption(encryption(call))).outcome)
    expect(outcomes).toEqual(['miss', 'hit', 'hit', 'miss', 'hit', 'hit', 'miss'])
    expect(given).toHaveLength(3)
  })

  it('serves up to exactly maxBytes bytes', async () => {
    const cache = cacheWith({ maxBytes: 100 })
    const { call, given } = generator()
    for (const plaintextLength of [60, 40, 1]) await cache.forEncryption(encryption(call, { plaintextLength }))
    expect(given).toHaveLength(2)
  })

  it('goes past the cache with a message that is longer than maxBytes, and keeps what it has', async () => {
    const cache = cacheWith({ maxBytes: 100n })
    const { call, given } = generator()
    await cache.forEncryption(encryption(call))
    expect((await cache.forEncryption(encryption(call, { plaintextLength: 101 }))).outcome).toBe('bypass')
    expect((await cache.forEncryption(encryption(call))).outcome).toBe('hit')
    expect(given).toHaveLength(2)
    expect(cache.stats().bypasses['longer than maxBytes']).toBe(1)
  })

  it('takes maxBytes 0 as a bound: only empty messages share a data key', async () => {
    const cache = cacheWith({ maxBytes: 0 })
    const { call } = generator()
    const outcomes: string[] = []
    for (const plaintextLength of [0, 0, 1]) {
      outcomes.push((await cache.forEncryption(encryption(call, { plaintextLength }))).outcome)
    }
    expect(outcomes).toEqual(['miss', 'hit', 'bypass'])
  })

  it('serves until maxAge, and not at it', async () => {
    const cache = cacheWith({ maxAge: 10 })
    const { call } = generator()
    const start = clock.now
    const at = async (age: number): Promise<string> => {
      clock.now = start + age
      return (await cache.forEncryption(encryption(call))).outcome
    }
    expect([await at(0), await at(9), await at(10), await at(19), await at(20)]).toEqual([
      'miss',
      'hit',
      'miss',
      'hit',
      'miss',
    ])
    expect(cache.stats().evictions.expired).toBe(2)
  })

  it('ages decryption entries, and charges them nothing else', async () => {
    const cache = cacheWith({ maxAge: 10, maxMessages: 1, maxBytes: 0 })
    const { call, given } = unwrapper()
    const start = clock.now
    for (const age of [0, 1, 9, 10]) {
      clock.now = start + age
      await cache.forDecryption(decryption(call))
    }
    expect(given).toHaveLength(2)
  })

  it('makes room for a new entry by dropping the least recently used one', async () => {
    const cache = cacheWith({ capacity: 2 })
    const { call } = generator()
    const ask = async (tenant: string): Promise<string> =>
      (await cache.forEncryption(encryption(call, { encryptionContext: { tenant } }))).outcome
    expect([await ask('a'), await ask('b'), await ask('a'), await ask('c'), await ask('a'), await ask('b')]).toEqual([
      'miss',
      'miss',
      'hit',
      'miss',
      'hit',
      'miss',
    ])
  })

  it('charges a stream of unknown length as it goes, and stops using the entry once it is spent', async () => {
    const cache = cacheWith({ maxBytes: 100 })
    const { call, given } = generator()
    const { plaintextLength: _, ...unknown } = encryption(call)
    const stream = await cache.forEncryption(unknown)
    stream.charge?.(98)
    expect((await cache.forEncryption(encryption(call))).outcome).toBe('hit')
    expect(given[0]).not.toEqual(new Uint8Array(32))
    stream.charge?.(500)
    expect(given[0]).toEqual(new Uint8Array(32))
    expect((await cache.forEncryption(encryption(call))).outcome).toBe('miss')
    expect(cache.stats().bytesCharged).toBe(600n)
  })

  it('shares no data key with a stream of unknown length where no byte may be shared', async () => {
    const cache = cacheWith({ maxBytes: 0 })
    const { call } = generator()
    const { plaintextLength: _, ...unknown } = encryption(call, { plaintextLength: 0 })
    expect((await cache.forEncryption(unknown)).outcome).toBe('bypass')
    expect((await cache.forEncryption({ ...unknown, plaintextLength: 0 })).outcome).toBe('miss')
  })

  it('does not let a stream charge the entry that took its own entry’s place', async () => {
    const cache = cacheWith({ maxBytes: 100 })
    const { call, given } = generator()
    const { plaintextLength: _, ...unknown } = encryption(call)
    const stream = await cache.forEncryption(unknown)
    cache.clear()
    await cache.forEncryption(encryption(call))
    stream.charge?.(500)
    expect((await cache.forEncryption(encryption(call))).outcome).toBe('hit')
    expect(given).toHaveLength(2)
  })

  it.each([0x0014, 0x0046, 0x0078])(
    'goes past the cache with suite %i, whose data key is the content key',
    async (id) => {
      const cache = cacheWith({})
      const suite = suiteOf(id)
      const [generate, unwrap] = [generator(suite), unwrapper(suite)]
      for (let i = 0; i < 2; i++) {
        expect((await cache.forEncryption(encryption(generate.call, { suite }))).outcome).toBe('bypass')
        expect((await cache.forDecryption(decryption(unwrap.call, { suite }))).outcome).toBe('bypass')
      }
      expect([generate.given.length, unwrap.given.length]).toEqual([2, 2])
      expect(cache.stats()).toMatchObject({ entries: 0, bypasses: { 'suite without key derivation': 4 } })
    },
  )
})
