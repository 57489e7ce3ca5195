import { getEventListeners } from 'node:events'
import type { EncryptionMaterials } from '@bongtu/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dataKeyCache } from '../src/index.ts'
import { encryption, generator, held, stoppedClock } from './support/requests.ts'

const options = { capacity: 10, maxAge: 1000, gracePeriod: 0 }
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('concurrent requests', () => {
  it('make one call for a data key', async () => {
    const cache = dataKeyCache(options)
    const { call, given } = generator()
    const served = await Promise.all(Array.from({ length: 100 }, () => cache.forEncryption(encryption(call))))
    expect(given).toHaveLength(1)
    expect(new Set(served.map(({ dataKey }) => dataKey)).size).toBe(100)
    expect(cache.stats()).toMatchObject({ misses: 1, coalesced: 99, messagesCharged: 100, callsSaved: 99 })
  })

  it('never charge an entry past its limit', async () => {
    const cache = dataKeyCache({ ...options, maxMessages: 7 })
    const { call, given } = generator()
    await Promise.all(Array.from({ length: 70 }, () => cache.forEncryption(encryption(call))))
    expect(given).toHaveLength(10)
  })

  it('make as many calls at once as their messages need, not one after the other', async () => {
    const cache = dataKeyCache({ ...options, maxMessages: 7 })
    const calls: ReturnType<typeof held<EncryptionMaterials>>[] = []
    const generate = () => {
      const call = held<EncryptionMaterials>()
      calls.push(call)
      return call.promise
    }
    const asked = Array.from({ length: 30 }, () => cache.forEncryption(encryption(generate)))
    await turn()
    expect(calls).toHaveLength(5)
    const { call } = generator()
    for (const one of calls) one.resolve(await call())
    await Promise.all(asked)
    expect(cache.stats()).toMatchObject({ entries: 1, misses: 5, coalesced: 25, evictions: { limit: 4 } })
  })

  it('join the later of two calls, also once the earlier one is answered', async () => {
    const cache = dataKeyCache({ ...options, maxMessages: 2 })
    const calls: ReturnType<typeof held<EncryptionMaterials>>[] = []
    const generate = () => {
      const call = held<EncryptionMaterials>()
      calls.push(call)
      return call.promise
    }
    const { call } = generator()
    const ask = () => cache.forEncryption(encryption(generate))
    const earlier = [ask(), ask()]
    const later = ask()
    await turn()
    calls[0]?.resolve(await call())
    await Promise.all(earlier)
    const last = ask()
    await turn()
    expect(calls).toHaveLength(2)
    calls[1]?.resolve(await call())
    expect([(await later).dataKey[0], (await last).dataKey[0]]).toEqual([2, 2])
  })

  it('leave nothing behind with a signal that outlives them', async () => {
    const cache = dataKeyCache(options)
    const { signal } = new AbortController()
    const ask = (generate: () => Promise<EncryptionMaterials>) => cache.forEncryption(encryption(generate, { signal }))
    await expect(Promise.all([1, 2].map(() => ask(() => Promise.reject(new Error('down')))))).rejects.toThrow('down')
    await Promise.all([1, 2].map(() => ask(generator().call)))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('that are aborted while they wait give back what was charged', async () => {
    const cache = dataKeyCache({ ...options, maxMessages: 2, maxBytes: 2 })
    const slow = held<EncryptionMaterials>()
    const controller = new AbortController()
    const first = cache.forEncryption(encryption(() => slow.promise))
    const second = cache.forEncryption(encryption(() => slow.promise, { signal: controller.signal }))
    await turn()
    controller.abort(new Error('enough'))
    await expect(second).rejects.toThrow('enough')
    const { call } = generator()
    slow.resolve(await call())
    await first
    expect((await cache.forEncryption(encryption(call))).outcome).toBe('hit')
  })

  it('all make progress where their entries push each other out', async () => {
    const cache = dataKeyCache({ ...options, capacity: 1 })
    const { call } = generator()
    const ask = (tenant: number) =>
      cache.forEncryption(encryption(call, { encryptionContext: { tenant: `${tenant % 5}` } }))
    const served = await Promise.all(Array.from({ length: 50 }, (_, tenant) => ask(tenant)))
    for (const { dataKey } of served) expect(dataKey.some((byte) => byte !== 0)).toBe(true)
  })

  it('fail once with a call that fails, which is not kept', async () => {
    const cache = dataKeyCache(options)
    const failing = held<EncryptionMaterials>()
    let calls = 0
    const generate = () => {
      calls++
      return failing.promise
    }
    const asked = Array.from({ length: 5 }, () => cache.forEncryption(encryption(generate)))
    await turn()
    failing.reject(new Error('the KMS is down'))
    const results = await Promise.allSettled(asked)
    expect(results.map(({ status }) => status)).toEqual(Array(5).fill('rejected'))
    expect(calls).toBe(1)
    expect(cache.stats()).toMatchObject({ misses: 1, failures: 1, entries: 0 })
    expect((await cache.forEncryption(encryption(generator().call))).outcome).toBe('miss')
  })

  it('leave with their own abort, and the others are served', async () => {
    const cache = dataKeyCache(options)
    const slow = held<EncryptionMaterials>()
    const [leader, waiter] = [new AbortController(), new AbortController()]
    const asked = [leader, waiter, new AbortController()].map(({ signal }) =>
      cache.forEncryption(encryption(() => slow.promise, { signal })),
    )
    await turn()
    leader.abort(new Error('leader left'))
    waiter.abort(new Error('waiter left'))
    slow.resolve(await generator().call())
    const results = await Promise.allSettled(asked)
    expect(results[0]).toMatchObject({ reason: { message: 'leader left' } })
    expect(results[1]).toMatchObject({ reason: { message: 'waiter left' } })
    expect(results[2]).toMatchObject({ status: 'fulfilled', value: { outcome: 'hit' } })
    expect(cache.stats().messagesCharged).toBe(1)
  })

  it('abort a call that nobody waits for any more, and the next one calls afresh', async () => {
    const cache = dataKeyCache(options)
    const controller = new AbortController()
    let seen: AbortSignal | undefined
    const hanging = cache.forEncryption(
      encryption(
        (signal) => {
          seen = signal
          return new Promise(() => {})
        },
        { signal: controller.signal },
      ),
    )
    await turn()
    controller.abort(new Error('enough'))
    await expect(hanging).rejects.toThrow('enough')
    expect(seen?.aborted).toBe(true)
    expect((await cache.forEncryption(encryption(generator().call))).outcome).toBe('miss')
  })

  it('do not even start where they are aborted already', async () => {
    const { call, given } = generator()
    const signal = AbortSignal.abort(new Error('no'))
    await expect(dataKeyCache(options).forEncryption(encryption(call, { signal }))).rejects.toThrow('no')
    expect(given).toHaveLength(0)
  })
})

describe('a call that hangs', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())
  const hang = () => new Promise<never>(() => {})

  it('holds up its caller alone: after ten seconds another one calls, for all', async () => {
    const cache = dataKeyCache(options)
    const { call, given } = generator()
    const states: string[] = []
    const ask = (at: number, generate: () => Promise<EncryptionMaterials>) =>
      void cache.forEncryption(encryption(generate)).then(({ outcome }) => (states[at] = outcome))
    ask(0, hang)
    for (const at of [1, 2, 3]) ask(at, call)
    await turn()
    vi.advanceTimersByTime(9_999)
    await turn()
    expect(states).toEqual([])
    vi.advanceTimersByTime(1)
    await turn()
    expect(states).toEqual([undefined, 'miss', 'hit', 'hit'])
    expect(given).toHaveLength(1)
    ask(4, call)
    await turn()
    expect(states[4]).toBe('hit')
  })

  it('is not waited for by any timer once it ended', async () => {
    const cache = dataKeyCache(options)
    await cache.forEncryption(encryption(generator().call))
    await expect(
      cache.forEncryption(encryption(() => Promise.reject(new Error('down')), { encryptionContext: { a: '1' } })),
    ).rejects.toThrow('down')
    cache.clear()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('and answers after all serves its caller', async () => {
    const cache = dataKeyCache(options)
    const slow = held<EncryptionMaterials>()
    const { call } = generator()
    const first = cache.forEncryption(encryption(() => slow.promise))
    await turn()
    vi.advanceTimersByTime(60_000)
    expect((await cache.forEncryption(encryption(call))).outcome).toBe('miss')
    slow.resolve(await call())
    expect((await first).dataKey[0]).toBe(2)
    expect(cache.stats()).toMatchObject({ entries: 1, evictions: { replaced: 1 } })
  })

  it('is aborted once its caller left, and what it answers too late is zeroed', async () => {
    const cache = dataKeyCache(options)
    const slow = held<EncryptionMaterials>()
    const controller = new AbortController()
    const asked = cache.forEncryption(encryption(() => slow.promise, { signal: controller.signal }))
    await turn()
    controller.abort()
    await expect(asked).rejects.toBe(controller.signal.reason)
    const { call, given } = generator()
    slow.resolve(await call())
    await turn()
    expect(given[0]).toEqual(new Uint8Array(32))
    expect(cache.stats()).toMatchObject({ entries: 0, misses: 1, failures: 1 })
  })

  it('ahead of expiry is given up within the grace period, and nobody waits for it', async () => {
    const clock = stoppedClock()
    const cache = dataKeyCache({ capacity: 1, maxAge: 5_000, gracePeriod: 500, clock: clock.read })
    const { call } = generator()
    await cache.forEncryption(encryption(call))
    clock.now = 4_500
    let seen: AbortSignal | undefined
    const hanging = (signal?: AbortSignal) => {
      seen = signal
      return hang()
    }
    expect((await cache.forEncryption(encryption(hanging))).outcome).toBe('hit')
    clock.now = 5_000
    vi.advanceTimersByTime(500)
    expect(seen?.aborted).toBe(true)
    expect((await cache.forEncryption(encryption(call))).outcome).toBe('miss')
    expect(cache.stats()).toMatchObject({ refreshes: 1, failedRefreshes: 1 })
  })
})

describe('near expiry', () => {
  const clock = stoppedClock()
  const near = () => dataKeyCache({ capacity: 10, maxAge: 100, gracePeriod: 20, clock: clock.read })

  it('one caller has the entry renewed while all go on with the old one', async () => {
    const cache = near()
    const start = clock.now
    const { call, given } = generator()
    await cache.forEncryption(encryption(call))
    clock.now = start + 80
    const slow = held<EncryptionMaterials>()
    let renewals = 0
    const renewing = () => {
      renewals++
      return slow.promise
    }
    const served = await Promise.all(Array.from({ length: 20 }, () => cache.forEncryption(encryption(renewing))))
    expect(served.map(({ outcome }) => outcome)).toEqual(Array(20).fill('hit'))
    expect(renewals).toBe(1)
    slow.resolve(await call())
    await turn()
    clock.now = start + 150
    expect((await cache.forEncryption(encryption(call))).outcome).toBe('hit')
    expect(given).toHaveLength(2)
    expect(cache.stats()).toMatchObject({ refreshes: 1, failedRefreshes: 0, evictions: { replaced: 1 } })
  })

  it('no renewal is begun while one is under way, however long that takes', async () => {
    const cache = dataKeyCache({ capacity: 1, maxAge: 100_000, gracePeriod: 10_000, clock: clock.read })
    const start = clock.now
    await cache.forEncryption(encryption(generator().call))
    let renewals = 0
    const renewing = () => {
      renewals++
      return new Promise<never>(() => {})
    }
    for (const age of [90_000, 91_000, 95_000]) {
      clock.now = start + age
      expect((await cache.forEncryption(encryption(renewing))).outcome).toBe('hit')
    }
    expect(renewals).toBe(1)
    cache[Symbol.dispose]()
  })

  it('at most twenty keys are renewed at once', async () => {
    const cache = dataKeyCache({ capacity: 30, maxAge: 100, gracePeriod: 20, clock: clock.read })
    const start = clock.now
    const { call } = generator()
    const ask = (tenant: number, generate = call) =>
      cache.forEncryption(encryption(generate, { encryptionContext: { tenant: `${tenant}` } }))
    const everybody = Array.from({ length: 30 }, (_, tenant) => tenant)
    await Promise.all(everybody.map((tenant) => ask(tenant)))
    clock.now = start + 90
    const slow = held<EncryptionMaterials>()
    await Promise.all(everybody.map((tenant) => ask(tenant, () => slow.promise)))
    expect(cache.stats()).toMatchObject({ hits: 30, refreshes: 20 })
    slow.reject(new Error('the KMS is down'))
    await turn()
    await Promise.all(everybody.map((tenant) => ask(tenant)))
    expect(cache.stats()).toMatchObject({ hits: 60, refreshes: 30, failedRefreshes: 20 })
  })

  it('a renewal that fails harms nobody, and is tried again after a while', async () => {
    const cache = near()
    const start = clock.now
    const { call } = generator()
    await cache.forEncryption(encryption(call))
    const failing = () => Promise.reject(new Error('the KMS is down'))
    for (const age of [80, 81, 99, 99.5]) {
      clock.now = start + age
      expect((await cache.forEncryption(encryption(failing))).outcome).toBe('hit')
      await turn()
    }
    expect(cache.stats()).toMatchObject({ refreshes: 1, failedRefreshes: 1 })
    clock.now = start + 100
    await expect(cache.forEncryption(encryption(failing))).rejects.toThrow('the KMS is down')
  })
})
