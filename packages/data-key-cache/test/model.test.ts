import type { EncryptionMaterials } from '@bongtu/client'
import fc from 'fast-check'
import { afterEach, beforeEach, it, vi } from 'vitest'
import { dataKeyCache } from '../src/index.ts'
import { type Ask, type Bounds, Model, UNIT } from './support/model.ts'
import { encryption, generator, held, stoppedClock } from './support/requests.ts'

const index = fc.nat(11)
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('ask' as const),
      id: fc.constantFrom('a', 'b', 'c'),
      bytes: fc.option(fc.nat(12), { freq: 5 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constantFrom('answer' as const, 'answer' as const, 'fail' as const), index }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('abort' as const), index }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('charge' as const), index, bytes: fc.nat(12) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('pass' as const), units: fc.nat(12) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('clear' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const bounds: fc.Arbitrary<Bounds> = fc
  .record({
    capacity: fc.integer({ min: 1, max: 3 }),
    maxAge: fc.integer({ min: 1, max: 15 }),
    gracePeriod: fc.nat(14),
    maxMessages: fc.integer({ min: 1, max: 4 }),
    maxBytes: fc.nat(20),
  })
  .map((each) => ({ ...each, gracePeriod: Math.min(each.gracePeriod, each.maxAge - 1) }))

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)

/** The real cache, driven by the same steps; every call to the keyring is held until a step answers it. */
function driven({ capacity, maxAge, gracePeriod, maxMessages, maxBytes }: Bounds) {
  const clock = stoppedClock()
  const times = { maxAge: maxAge * UNIT, gracePeriod: gracePeriod * UNIT, clock: clock.read }
  const cache = dataKeyCache({ capacity, maxMessages, maxBytes, ...times })
  const calls: ReturnType<typeof held<EncryptionMaterials>>[] = []
  const generate = () => {
    const call = held<EncryptionMaterials>()
    calls.push(call)
    return call.promise
  }
  const asks: { seen: string; readonly controller: AbortController; charge?: (bytes: number) => void }[] = []
  const { call: make } = generator()
  /** The arrays that the keyring gave out, by call. */
  const given: Uint8Array[] = []
  return {
    cache,
    calls,
    asks,
    given,
    ask(id: string, bytes: number | null) {
      const controller = new AbortController()
      const ask: (typeof asks)[number] = { seen: 'waiting', controller }
      asks.push(ask)
      const { plaintextLength: _, ...request } = encryption(generate, {
        encryptionContext: { id },
        signal: controller.signal,
      })
      cache.forEncryption(bytes === null ? request : { ...request, plaintextLength: bytes }).then(
        ({ dataKey, outcome, charge }) => {
          ask.seen = `${outcome} of ${dataKey[0]}`
          if (charge !== undefined) ask.charge = charge
        },
        (error: unknown) => {
          ask.seen = error === controller.signal.reason ? 'aborted' : 'failed'
        },
      )
    },
    async answer(number: number) {
      if (given[number] !== undefined) return
      const made = await make()
      given[number] = made.dataKey.fill(number + 1)
      calls[number]?.resolve(made)
    },
    fail: (number: number) => calls[number]?.reject(new Error('the KMS is down')),
    pass() {
      clock.now += UNIT
      vi.advanceTimersByTime(UNIT)
    },
  }
}

const expected = ({ state }: Ask): string =>
  typeof state === 'string' ? state : `${state.outcome} of ${state.call + 1}`

async function run(limits: Bounds, steps: readonly Step[]): Promise<void> {
  const real = driven(limits)
  const model = new Model(limits)
  const asks: Ask[] = []
  const ended = new Set<number>()
  const compare = (what: string): void => {
    const same = (name: string, is: unknown, should: unknown): void => {
      if (is !== should) throw new Error(`after ${what}, ${name}: ${is} where the model says ${should}`)
    }
    same('calls', real.calls.length, model.calls.length)
    for (const [at, ask] of asks.entries()) same(`request ${at}`, real.asks[at]?.seen, expected(ask))
    const kept = new Set(model.kept.map(({ number }) => number))
    const { entries, hits, misses, failures, coalesced, refreshes, failedRefreshes, ...rest } = real.cache.stats()
    same('entries', entries, kept.size)
    same(
      'counts',
      JSON.stringify({ hits, misses, failures, coalesced, refreshes, failedRefreshes }),
      JSON.stringify(model.counts),
    )
    same('evictions', JSON.stringify(rest.evictions), JSON.stringify(model.evictions))
    same('bypasses', rest.bypasses['longer than maxBytes'], model.bypasses)
    same(
      'charged',
      `${rest.messagesCharged}, ${rest.bytesCharged}`,
      `${model.charged.messages}, ${model.charged.bytes}`,
    )
    for (const [number, dataKey] of real.given.entries()) {
      const bypassed = asks.some(
        ({ state }) => typeof state === 'object' && state.outcome === 'bypass' && state.call === number,
      )
      if (dataKey !== undefined && !bypassed) same(`data key ${number} zeroed`, isZero(dataKey), !kept.has(number))
    }
  }
  for (const each of steps) {
    if (each.type === 'ask') {
      real.ask(each.id, each.bytes)
      asks.push(model.ask(each.id, each.bytes))
    } else if (each.type === 'clear') {
      real.cache.clear()
      model.clear()
    } else if (each.type === 'pass') {
      for (let unit = 0; unit < each.units; unit++) {
        real.pass()
        await settled()
        model.pass()
      }
    } else if (each.type === 'abort' || each.type === 'charge') {
      const ask = asks[each.index]
      if (ask === undefined) continue
      if (each.type === 'charge') {
        real.asks[each.index]?.charge?.(each.bytes)
        model.charge(ask, each.bytes)
      } else {
        real.asks[each.index]?.controller.abort()
        model.abort(ask)
      }
    } else if (each.index < model.calls.length && !ended.has(each.index)) {
      ended.add(each.index)
      await real[each.type](each.index)
      model[each.type](each.index)
    }
    await settled()
    compare(each.type)
  }
  real.cache[Symbol.dispose]()
  model.dispose()
  compare('dispose')
}

it('behaves as the plain model does, whatever the order of requests, answers, failures, aborts, expiries, charges and evictions', async () => {
  await fc.assert(fc.asyncProperty(bounds, fc.array(step, { maxLength: 24 }), run), { numRuns: 10_000 })
}, 240_000)
