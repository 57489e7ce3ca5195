import type { CacheOutcome } from '@bongtu/client'
import { withOwnDataKey } from './copies.ts'
import type { Entries, Entry, Materials } from './entries.ts'
import { type Flight, takeOff } from './flight.ts'
import type { CheckedOptions } from './options.ts'
import type { Statistics } from './statistics.ts'
import type { Limits, Usage } from './usage.ts'

/** One direction of a cache. */
export interface Direction<M extends Materials> {
  readonly operation: 'encrypt' | 'decrypt'
  readonly options: CheckedOptions
  readonly limits: Limits
  /** The same with encrypted data keys of its own. */
  readonly detached: (materials: M) => M
  /** Whether what a call ahead of expiry answered may take the place of what is kept. */
  readonly renews: (kept: M, answer: M) => boolean
  readonly entries: Entries<M>
  /** For each id the call that requests may join. */
  readonly boarding: Map<string, Flight<M>>
  /** Calls ahead of expiry that are under way. */
  readonly renewals: Set<Flight<M>>
  readonly statistics: Statistics
}

/** One request, as far as serving it goes. */
export interface Ask<M extends Materials> {
  readonly id: string
  /** Of plaintext, as far as they are known. */
  readonly bytes: number
  readonly signal: AbortSignal | undefined
  readonly call: (signal: AbortSignal) => Promise<M>
}

export interface Served<M extends Materials> {
  /** A copy of the caller's own. */
  readonly materials: M
  /** What was charged. */
  readonly usage: Usage
  readonly outcome: CacheOutcome
  /** Whether it comes straight from a call: nobody may have used it yet. */
  readonly fresh: boolean
}

/**
 * Milliseconds that a request waits for a call that another one made, before it makes one itself: a call that hangs holds
 * up nobody but its caller. The storm-tracking cache of AWS's libraries has the same, as its in-flight time to live.
 */
const PATIENCE = 10_000
/** Milliseconds after which a renewal may be begun again. */
const RENEWAL_INTERVAL = 1_000
/** As many renewals run at once: keys that were made together do not all call together. */
const RENEWALS_AT_ONCE = 20

/**
 * Serves from an entry, from a call that another request made, or from a call of its own. Every use is charged before it
 * happens, to an entry or to a call that is still under way, so that no more requests wait for a data key than it may serve.
 */
export async function serve<M extends Materials>(direction: Direction<M>, ask: Ask<M>): Promise<Served<M>> {
  const { boarding, limits, statistics, operation } = direction
  for (let waited = false; ; waited = true) {
    ask.signal?.throwIfAborted()
    const kept = fromEntry(direction, ask)
    if (kept !== null) {
      statistics.note({ type: waited ? 'coalesced' : 'hit', operation })
      return charged(direction, ask, kept)
    }
    const flight = boarding.get(ask.id)
    if (flight === undefined || !limits.charge(flight.usage, ask.bytes)) return lead(direction, ask)
    const joined = await aboard(direction, ask, flight, 'joins')
    if (joined !== null) {
      statistics.note({ type: 'coalesced', operation })
      return charged(direction, ask, joined)
    }
  }
}

const charged = <M extends Materials>(
  { operation, statistics }: Direction<M>,
  { bytes }: Ask<M>,
  served: Served<M>,
): Served<M> => {
  if (operation === 'encrypt') statistics.note({ type: 'charge', messages: 1, bytes })
  return served
}

function fromEntry<M extends Materials>(direction: Direction<M>, ask: Ask<M>): Served<M> | null {
  const { entries, limits, detached } = direction
  const entry = entries.get(ask.id)
  if (entry === undefined) return null
  const { materials, usage } = entry
  if (!limits.charge(usage, ask.bytes)) {
    entries.drop(ask.id, usage, 'limit')
    return null
  }
  const served: Served<M> = { materials: withOwnDataKey(detached(materials)), usage, outcome: 'hit', fresh: false }
  if (limits.spent(usage)) entries.drop(ask.id, usage, 'limit')
  else renewIfDue(direction, ask, entry)
  return served
}

async function lead<M extends Materials>(direction: Direction<M>, ask: Ask<M>): Promise<Served<M>> {
  const { boarding, limits, statistics, operation } = direction
  statistics.note({ type: 'miss', operation })
  const flight = callFor(direction, ask, PATIENCE, (failed) => {
    if (failed) statistics.note({ type: 'failure', operation })
  })
  boarding.set(ask.id, flight)
  limits.charge(flight.usage, ask.bytes)
  const served = await aboard(direction, ask, flight, 'leads')
  if (served === null) throw new Error('internal error: whoever makes a call waits for its answer')
  return charged(direction, ask, served)
}

async function aboard<M extends Materials>(
  { limits }: Direction<M>,
  { signal, bytes }: Ask<M>,
  flight: Flight<M>,
  caller: 'leads' | 'joins',
): Promise<Served<M> | null> {
  const { usage } = flight
  let materials: M | null = null
  try {
    materials = await flight.wait(signal, caller)
  } finally {
    if (materials === null) limits.refund(usage, bytes)
  }
  return materials === null ? null : { materials, usage, outcome: caller === 'leads' ? 'miss' : 'hit', fresh: true }
}

/**
 * Makes the call; what it answers is kept unless those who waited have used it up, it may not take the place of what is
 * kept, or all was cleared meanwhile.
 */
function callFor<M extends Materials>(
  direction: Direction<M>,
  { id, call }: Ask<M>,
  patience: number,
  ended: (failed: boolean) => void,
  fits: (answer: M) => boolean = () => true,
): Flight<M> {
  const { entries, boarding, limits, detached } = direction
  const { generation } = entries
  const close = (): void => {
    if (boarding.get(id) === flight) boarding.delete(id)
  }
  const flight: Flight<M> = takeOff({
    call,
    copy: (answer) => withOwnDataKey(detached(answer)),
    patience,
    overdue: close,
    landed: (answer) => {
      close()
      if (answer !== null) {
        if (!fits(answer)) entries.discard(answer, 'not authentic')
        else if (limits.spent(flight.usage)) entries.discard(answer, 'limit')
        else entries.keep(id, detached(answer), flight.usage, generation)
      }
      ended(answer === null)
    },
  })
  return flight
}

/** Begins a call ahead of expiry, in the background, while everybody goes on with the entry that is there. */
function renewIfDue<M extends Materials>(direction: Direction<M>, ask: Ask<M>, entry: Entry<M>): void {
  const { boarding, renewals, renews, statistics, operation } = direction
  const { maxAge, gracePeriod, clock } = direction.options
  const now = clock()
  if (now - entry.createdAt < maxAge - gracePeriod) return
  if (now - entry.renewedAt < Math.min(RENEWAL_INTERVAL, gracePeriod)) return
  if (boarding.has(ask.id) || renewals.size >= RENEWALS_AT_ONCE) return
  entry.renewedAt = now
  statistics.note({ type: 'refresh', operation })
  const ended = (failed: boolean): void => {
    renewals.delete(renewal)
    if (failed) statistics.note({ type: 'refresh-failed', operation })
  }
  const fits = (answer: M): boolean => renews(entry.materials, answer)
  const renewal: Flight<M> = callFor(direction, ask, Math.min(PATIENCE, gracePeriod), ended, fits)
  renewals.add(renewal)
  boarding.set(ask.id, renewal)
}
