import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type CacheEvent, type DataKeyCacheStats, dataKeyCache } from '../src/index.ts'
import { decryption, encryption, generator, stoppedClock, suiteOf, unwrapper } from './support/requests.ts'

const CHANNEL = 'bongtu:data-key-cache'
const NOTHING: DataKeyCacheStats = {
  entries: 0,
  hits: 0,
  misses: 0,
  failures: 0,
  coalesced: 0,
  bypasses: { 'suite without key derivation': 0, 'longer than maxBytes': 0, 'cache disposed': 0 },
  evictions: { capacity: 0, expired: 0, limit: 0, replaced: 0, 'not authentic': 0, cleared: 0 },
  refreshes: 0,
  failedRefreshes: 0,
  messagesCharged: 0,
  bytesCharged: 0n,
  callsSaved: 0,
}

/** For one test, what is published while `act` may run. */
function listening(act: (event: CacheEvent) => void): void {
  const listener = (event: unknown): void => act(event as CacheEvent)
  subscribe(CHANNEL, listener)
  onTestFinished(() => void unsubscribe(CHANNEL, listener))
}

describe('the numbers of a cache', () => {
  it('begin at nothing', () => {
    expect(dataKeyCache({ capacity: 1, maxAge: 1 }).stats()).toEqual(NOTHING)
  })

  it('tell both directions, every reason, and what was saved', async () => {
    const clock = stoppedClock()
    const cache = dataKeyCache({
      capacity: 1,
      maxAge: 100,
      maxMessages: 3,
      maxBytes: 50,
      gracePeriod: 10,
      clock: clock.read,
    })
    const [encrypting, decrypting] = [generator(), unwrapper()]
    const encrypt = (changes = {}) =>
      cache.forEncryption(encryption(encrypting.call, { plaintextLength: 10, ...changes }))
    const decrypt = (changes = {}) => cache.forDecryption(decryption(decrypting.call, changes))
    await Promise.all([encrypt(), encrypt()])
    await encrypt()
    await encrypt({ plaintextLength: 51 })
    await encrypt({ suite: suiteOf(0x0078) })
    await decrypt()
    await decrypt()
    await decrypt({ encryptionContext: { other: '1' } })
    clock.now += 100
    await decrypt({ encryptionContext: { other: '1' } })
    cache[Symbol.dispose]()
    await decrypt()
    expect(cache.stats()).toEqual({
      ...NOTHING,
      hits: 2,
      misses: 4,
      coalesced: 1,
      bypasses: { 'suite without key derivation': 1, 'longer than maxBytes': 1, 'cache disposed': 1 },
      evictions: { ...NOTHING.evictions, capacity: 1, expired: 1, limit: 1, cleared: 1 },
      messagesCharged: 3,
      bytesCharged: 30n,
      callsSaved: 3,
    })
    const { hits, misses, coalesced } = cache.stats()
    expect(encrypting.given.length + decrypting.given.length).toBe(misses + 3)
    expect(hits + misses + coalesced + 3).toBe(10)
  })

  it('count a call ahead of expiry against what was saved', async () => {
    const clock = stoppedClock()
    const cache = dataKeyCache({ capacity: 1, maxAge: 100, gracePeriod: 10, clock: clock.read })
    const { call, given } = generator()
    await cache.forEncryption(encryption(call))
    clock.now = 95
    await cache.forEncryption(encryption(call))
    expect(given).toHaveLength(2)
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 1, refreshes: 1, callsSaved: 0 })
  })
})

describe('the diagnostics channel', () => {
  it('is told of each event, without a secret in it', async () => {
    const events: CacheEvent[] = []
    listening((event) => events.push(event))
    const cache = dataKeyCache({ capacity: 1, maxAge: 100, maxMessages: 2 })
    const { call } = generator()
    await cache.forEncryption(encryption(call, { plaintextLength: 5 }))
    await cache.forEncryption(encryption(call, { plaintextLength: 6 }))
    await cache.forEncryption(encryption(call, { suite: suiteOf(0x0078) }))
    expect(events).toEqual([
      { type: 'miss', operation: 'encrypt' },
      { type: 'charge', messages: 1, bytes: 5 },
      { type: 'eviction', reason: 'limit' },
      { type: 'hit', operation: 'encrypt' },
      { type: 'charge', messages: 1, bytes: 6 },
      { type: 'bypass', operation: 'encrypt', reason: 'suite without key derivation' },
    ])
  })

  it('may use the cache while it is told, and disturbs nobody', async () => {
    const cache = dataKeyCache({ capacity: 1, maxAge: 100, maxMessages: 5 })
    listening(() => cache.clear())
    const { call } = generator()
    for (let round = 0; round < 5; round++) {
      const served = await Promise.all(
        ['a', 'b', 'a'].map((tenant) => cache.forEncryption(encryption(call, { encryptionContext: { tenant } }))),
      )
      for (const { dataKey } of served) expect(dataKey.every((byte) => byte !== 0)).toBe(true)
    }
    expect(cache.stats().entries).toBe(0)
  })
})
