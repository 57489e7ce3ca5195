import type { EncryptionMaterials } from '@bongtu/client'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
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

  it('is not kept by a cache that was disposed before the call for it began', async () => {
    const cache = dataKeyCache(options)
    const { call, given } = generator()
    const asked = cache.forEncryption(encryption(call))
    cache[Symbol.dispose]()
    expect((await asked).dataKey).toEqual(zeroes.map(() => 1))
    expect(given[0]).toEqual(zeroes)
    expect(cache.stats().entries).toBe(0)
  })

  it('is zeroed in time even where nobody asks for it again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const cache = dataKeyCache({ capacity: 1, maxAge: 1000 })
    const { call, given } = generator()
    await cache.forEncryption(encryption(call))
    vi.advanceTimersByTime(1000)
    expect(given[0]).not.toEqual(zeroes)
    vi.advanceTimersByTime(1)
    expect(given[0]).toEqual(zeroes)
    expect(cache.stats()).toMatchObject({ entries: 0, evictions: { expired: 1 } })
  })

  it('is copied where a keyring answers a Buffer, whose slices are views', async () => {
    const cache = dataKeyCache({ ...options, maxMessages: 10 })
    const { call } = generator()
    const generate = async () => {
      const made = await call()
      return { ...made, dataKey: Buffer.from(made.dataKey) }
    }
    for (let message = 0; message < 3; message++) {
      const { dataKey } = await cache.forEncryption(encryption(generate))
      expect(new Uint8Array(dataKey)).toEqual(zeroes.map(() => 1))
      dataKey.fill(0)
    }
  })

  it('keeps its encrypted data keys as they were, whatever is done to those in a header', async () => {
    const cache = dataKeyCache({ ...options, maxMessages: 10 })
    const [encrypting, decrypting] = [generator(), unwrapper()]
    for (let message = 0; message < 3; message++) {
      const { encryptedDataKeys } = await cache.forEncryption(encryption(encrypting.call))
      expect(encryptedDataKeys[0]?.ciphertext).toEqual(Uint8Array.of(2))
      encryptedDataKeys[0]?.ciphertext.fill(9)
      const { encryptedDataKey } = await cache.forDecryption(decryption(decrypting.call))
      expect(encryptedDataKey.ciphertext).toEqual(Uint8Array.of(2))
      encryptedDataKey.ciphertext.fill(9)
    }
  })

  it('is not kept by a cache that was cleared while it was asked for, and nobody joins that call any more', async () => {
    const cache = dataKeyCache(options)
    const slow = held<EncryptionMaterials>()
    const before = cache.forEncryption(encryption(() => slow.promise))
    await new Promise((resolve) => setImmediate(resolve))
    cache.clear()
    const { call, given } = generator()
    const after = await cache.forEncryption(encryption(call))
    slow.resolve(await call())
    expect([after.dataKey[0], (await before).dataKey[0]]).toEqual([1, 2])
    expect(given[1]).toEqual(zeroes)
    expect((await cache.forEncryption(encryption(call))).dataKey[0]).toBe(1)
  })

  it('is given up by a cache that is disposed while it is renewed', async () => {
    const cache = dataKeyCache({ ...options, maxMessages: 10 })
    const { call } = generator()
    await cache.forEncryption(encryption(call))
    clock.now += 95
    const slow = held<EncryptionMaterials>()
    let seen: AbortSignal | undefined
    const renew = (signal?: AbortSignal) => {
      seen = signal
      return slow.promise
    }
    await cache.forEncryption(encryption(renew))
    cache[Symbol.dispose]()
    expect(seen?.aborted).toBe(true)
    const late = generator()
    slow.resolve(await late.call())
    await new Promise((resolve) => setImmediate(resolve))
    expect(late.given[0]).toEqual(zeroes)
  })

  it('is forgotten where the message that it was asked for is not authentic', async () => {
    const cache = dataKeyCache(options)
    const { call, given } = unwrapper()
    const first = await cache.forDecryption(decryption(call))
    const second = await cache.forDecryption(decryption(call))
    expect(second.forget).toBeUndefined()
    first.forget?.()
    expect(given[0]).toEqual(zeroes)
    expect(second.dataKey).toEqual(zeroes.map(() => 1))
    expect(cache.stats().evictions['not authentic']).toBe(1)
  })
})
