import type { CacheServed } from '@bongtu/client'
import type { Entries, Entry, Materials } from './entries.ts'
import type { Flights } from './flights.ts'
import type { CheckedOptions } from './options.ts'
import type { Statistics } from './statistics.ts'

/** One direction of a cache. */
export interface Direction<M extends Materials> {
  readonly operation: 'encrypt' | 'decrypt'
  readonly options: CheckedOptions
  readonly entries: Entries<M>
  readonly flights: Flights<void>
  readonly statistics: Statistics
}

/** One request, as far as serving it goes. */
export interface Ask<M extends Materials> {
  readonly id: string
  readonly signal: AbortSignal | undefined
  readonly call: (signal: AbortSignal) => Promise<M>
  /** Charges one use before it happens; false where the entry has none left. */
  readonly charge: (entry: Entry<M>) => boolean
  /** Whether the entry has no further use. */
  readonly spent: (entry: Entry<M>) => boolean
}

export interface Served<M extends Materials> extends CacheServed {
  readonly materials: M
  readonly entry: Entry<M>
}

/** How long after a renewal that failed the next may be tried, in milliseconds. */
const RENEWAL_INTERVAL = 1_000

/**
 * Serves from an entry, from the call that another request has under way, or from a call of its own. Whoever makes a call
 * takes its own copy of the answer before anybody else can use the entry up, so that every call serves one request at least.
 */
export async function serve<M extends Materials>(direction: Direction<M>, ask: Ask<M>): Promise<Served<M>> {
  const { entries, flights, statistics, operation } = direction
  for (let waited = false; ; waited = true) {
    const entry = entries.get(ask.id)
    const served = entry === undefined ? null : use(direction, ask, entry, 'hit')
    if (served !== null) {
      renewIfDue(direction, ask, served.entry)
      statistics.note({ type: waited ? 'coalesced' : 'hit', operation })
      return served
    }
    const underWay = flights.join(ask.id, ask.signal)
    if (underWay === null) return lead(direction, ask)
    await underWay
  }
}

/** A copy of an entry's materials, charged first; `null` where it has no use left, in which case it is dropped. */
function use<M extends Materials>(
  { entries }: Direction<M>,
  ask: Ask<M>,
  entry: Entry<M>,
  outcome: 'hit' | 'miss',
): Served<M> | null {
  const { materials } = entry
  const charged = ask.charge(entry)
  const served = charged ? { materials: { ...materials, dataKey: materials.dataKey.slice() }, entry, outcome } : null
  if (!charged || ask.spent(entry)) entries.drop(ask.id, entry, 'limit')
  return served
}

async function lead<M extends Materials>(direction: Direction<M>, ask: Ask<M>): Promise<Served<M>> {
  const { entries, flights, statistics, operation } = direction
  let own: Served<M> | null = null
  try {
    await flights.start(ask.id, ask.signal, async (signal) => {
      const entry = entries.set(ask.id, await ask.call(signal))
      if (ask.signal?.aborted !== true) own = use(direction, ask, entry, 'miss')
      entries.settle()
    })
  } catch (error) {
    forget(own)
    throw error
  }
  statistics.note({ type: 'miss', operation })
  if (own === null) throw new Error('internal error: the first use of a data key was refused')
  return own
}

const forget = (served: Served<Materials> | null): void => {
  served?.materials.dataKey.fill(0)
}

/** Begins a call ahead of expiry, in the background, while everybody goes on with the entry that is there. */
function renewIfDue<M extends Materials>(direction: Direction<M>, ask: Ask<M>, entry: Entry<M>): void {
  const { entries, flights, statistics, operation } = direction
  const { maxAge, gracePeriod, clock } = direction.options
  const now = clock()
  if (now - entry.createdAt < maxAge - gracePeriod) return
  if (now - entry.renewedAt < Math.min(RENEWAL_INTERVAL, gracePeriod) || flights.underWay(ask.id)) return
  entry.renewedAt = now
  statistics.note({ type: 'refresh', operation })
  const renewed = flights.start(ask.id, undefined, async (signal) => {
    entries.set(ask.id, await ask.call(signal))
    entries.settle()
  })
  renewed.catch(() => statistics.note({ type: 'refresh-failed', operation }))
}
