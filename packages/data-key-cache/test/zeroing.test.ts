import type { EncryptionMaterials } from '@bongtu/client'
import { describe, expect, it } from 'vitest'
import { dataKeyCache, type LocalDataKeyCache } from '../src/index.ts'
import { decryption, encryption, generator, held, stoppedClock, unwrapper } from './support/requests.ts'

const clock = stoppedClock()
const zeroes = new Uint8Array(32)
const options = { capacity: 1, maxAge: 100, maxMessages: 2, gracePeriod: 10, clock: clock.read }

type Leave = (cache: LocalDataKeyCache, generate: () => Promise<EncryptionMaterials>) => Promise<unknown>
const exits: [string, Leave][] = [
  [
    'another one takes its room',
    (cache, call) => cache.forEncryption(encryption(call, { encryptionContext: { a: 'b' } })),
  ],
  ['its messages are spent', (cache, call) => cache.forEncryption(encryption(call))],
  [
    'it expires',
    (cache, call) => {
      clock.now += 100
      return cache.forEncryption(encryption(call))
    },
  ],
  ['the cache is cleared', async (cache) => cache.clear()],
  ['the cache is disposed', async (cache) => cache[Symbol.dispose]()],
]

describe('a kept data key', () => {
  it.each(exits)('is zeroed when %s', async (_when, leave) => {
    const cache = dataKeyCache(options)
    const { call, given } = generator()
    await cache.forEncryption(encryption(call))
    expect(given[0]).not.toEqual(zeroes)
    await leave(cache, call)
    expect(given[0]).toEqual(zeroes)
  })

  it('is zeroed when a renewed one takes its place', async () => {
    const cache = dataKeyCache({ ...options, maxMessages: 10 })
    const { call, given } = generator()
    await cache.forEncryption(encryption(call))
    clock.now += 95
    await cache.forEncryption(encryption(call))
    await new Promise((resolve) => setImmediate(resolve))
    expect(given[0]).toEqual(zeroes)
    expect(given[1]).not.toEqual(zeroes)
  })

  it('leaves the copies alone that are in use', async () => {
    const cache = dataKeyCache(options)
    const [encrypting, decrypting] = [generator(), unwrapper()]
    const first = await cache.forEncryption(encryption(encrypting.call))
    const second = await cache.forDecryption(decryption(decrypting.call))
    cache.clear()
    expect(first.dataKey).toEqual(zeroes.map(() => 1))
    expect(second.dataKey).toEqual(zeroes.map(() => 1))
  })

  it('is not harmed by a caller who zeroes its copy', async () => {
    const cache = dataKeyCache(options)
    const { call } = generator()
    const first = await cache.forEncryption(encryption(call))
    first.dataKey.fill(0)
    expect((await cache.forEncryption(encryption(call))).dataKey).toEqual(zeroes.map(() => 1))
  })

  it('is not kept by a cache that was disposed while it was asked for', async () => {
    const cache = dataKeyCache(options)
    const slow = held<EncryptionMaterials>()
    const asked = cache.forEncryption(encryption(() => slow.promise))
    await new Promise((resolve) => setImmediate(resolve))
    cache[Symbol.dispose]()
    const { call, given } = generator()
    slow.resolve(await call())
    expect((await asked).dataKey).toEqual(zeroes.map(() => 1))
    expect(given[0]).toEqual(zeroes)
    expect((await cache.forEncryption(encryption(call))).outcome).toBe('bypass')
    expect(cache.stats().bypasses['cache disposed']).toBe(1)
  })

  it('is zeroed in time even where nobody asks for it again', async () => {
    const cache = dataKeyCache({ capacity: 1, maxAge: 1 })
    const { call, given } = generator()
    await cache.forEncryption(encryption(call))
    await expect.poll(() => given[0]).toEqual(zeroes)
    expect(cache.stats().entries).toBe(0)
  })
})
