import fc from 'fast-check'
import { it } from 'vitest'
import { dataKeyCache } from '../src/index.ts'
import { encryption, generator, stoppedClock } from './support/requests.ts'

interface ModelEntry {
  readonly createdAt: number
  messages: number
  bytes: number
}

/** The plainest cache that could be right: a list, the most recently used last. */
class Model {
  calls = 0
  readonly limits: { capacity: number; maxAge: number; maxMessages: number; maxBytes: number }
  #entries: [string, ModelEntry][] = []

  constructor(limits: Model['limits']) {
    this.limits = limits
  }

  encrypt(id: string, bytes: number, now: number): 'hit' | 'miss' | 'bypass' {
    const { capacity, maxAge, maxMessages, maxBytes } = this.limits
    if (bytes > maxBytes) {
      this.calls++
      return 'bypass'
    }
    const known = this.#entries.find(([each]) => each === id)?.[1]
    this.#entries = this.#entries.filter(([each]) => each !== id)
    const serves =
      known !== undefined &&
      now - known.createdAt < maxAge &&
      known.messages < maxMessages &&
      known.bytes + bytes <= maxBytes
    const entry = serves ? known : { createdAt: now, messages: 0, bytes: 0 }
    if (!serves) this.calls++
    entry.messages++
    entry.bytes += bytes
    const spent = entry.messages >= maxMessages || (entry.bytes >= maxBytes && maxBytes > 0)
    // Making room comes before the first use, as it must where the entry is kept while it is used.
    const kept = serves ? this.#entries : this.#entries.slice(Math.max(0, this.#entries.length + 1 - capacity))
    this.#entries = spent ? kept : [...kept, [id, entry]]
    return serves ? 'hit' : 'miss'
  }

  clear(): void {
    this.#entries = []
  }
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('encrypt' as const),
      id: fc.constantFrom('a', 'b', 'c'),
      bytes: fc.nat(12),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('pass' as const), time: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('clear' as const) }) },
)
const limits = fc.record({
  capacity: fc.integer({ min: 1, max: 3 }),
  maxAge: fc.integer({ min: 1, max: 10 }),
  maxMessages: fc.integer({ min: 1, max: 4 }),
  maxBytes: fc.nat(20),
})

it('behaves as the plain model does, whatever the order of requests, expiries, charges and evictions', async () => {
  await fc.assert(
    fc.asyncProperty(limits, fc.array(step, { maxLength: 16 }), async (bounds, steps) => {
      const clock = stoppedClock()
      const cache = dataKeyCache({ ...bounds, gracePeriod: 0, clock: clock.read })
      const model = new Model(bounds)
      const { call, given } = generator()
      for (const each of steps) {
        if (each.type === 'pass') clock.now += each.time
        else if (each.type === 'clear') {
          cache.clear()
          model.clear()
        } else {
          const request = encryption(call, { encryptionContext: { id: each.id }, plaintextLength: each.bytes })
          const { outcome } = await cache.forEncryption(request)
          const expected = model.encrypt(each.id, each.bytes, clock.now)
          if (outcome !== expected) throw new Error(`${outcome} where the model says ${expected}`)
        }
        if (given.length !== model.calls) throw new Error(`${given.length} calls where the model makes ${model.calls}`)
      }
      cache[Symbol.dispose]()
      // A bypassed data key was handed out as it is; all others were kept, and are zeroed by now.
      const inClear = given.filter((dataKey) => dataKey.some((byte) => byte !== 0)).length
      if (inClear !== cache.stats().bypasses['longer than maxBytes'])
        throw new Error(`${inClear} data keys are left in clear`)
    }),
    { numRuns: 10_000 },
  )
}, 120_000)
