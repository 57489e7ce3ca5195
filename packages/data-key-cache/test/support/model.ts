import type { EvictionReason } from '../../src/index.ts'

/** Milliseconds in one unit of the model's time. */
export const UNIT = 1_000
/** In units: how long others wait for a call. */
const PATIENCE = 10

export interface Bounds {
  readonly capacity: number
  /** In units. */
  readonly maxAge: number
  /** In units. */
  readonly gracePeriod: number
  readonly maxMessages: number
  readonly maxBytes: number
}

/** A call to the keyring, and the entry that it becomes. */
interface Call {
  readonly number: number
  readonly id: string
  readonly renewal: boolean
  readonly startedAt: number
  readonly generation: number
  messages: number
  bytes: number
  leader: Ask | null
  waiting: Ask[]
  over: boolean
  overdue: boolean
  createdAt: number
  renewedAt: number
}

export interface Ask {
  readonly id: string
  /** `null`: a stream that does not know its length. */
  readonly bytes: number | null
  /** The call that serves it, or why it is not served. */
  state: 'waiting' | 'aborted' | 'failed' | { readonly call: number; readonly outcome: 'hit' | 'miss' | 'bypass' }
  rebooked: boolean
  usage: Call | null
}

/** The plainest cache that could be right: lists, searched from the start; the most recently used entry is the last. */
export class Model {
  now = 0
  readonly calls: Call[] = []
  readonly counts = { hits: 0, misses: 0, failures: 0, coalesced: 0, refreshes: 0, failedRefreshes: 0 }
  readonly evictions: Record<EvictionReason, number> = {
    capacity: 0,
    expired: 0,
    limit: 0,
    replaced: 0,
    'not authentic': 0,
    cleared: 0,
  }
  readonly charged = { messages: 0, bytes: 0 }
  bypasses = 0
  #kept: Call[] = []
  #generation = 0
  readonly #bounds: Bounds

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  get kept(): readonly Call[] {
    return this.#kept
  }

  ask(id: string, bytes: number | null): Ask {
    const ask: Ask = { id, bytes, state: 'waiting', rebooked: false, usage: null }
    const { maxBytes } = this.#bounds
    if ((bytes ?? (maxBytes === 0 ? 1 : 0)) > maxBytes) {
      this.bypasses++
      const call = this.#call(id, false)
      call.leader = ask
      call.overdue = true
    } else this.#book(ask)
    return ask
  }

  answer(number: number): void {
    const call = this.calls[number]
    if (call === undefined || call.over) return
    call.over = true
    if (this.#isBypass(call)) {
      if (call.leader !== null) call.leader.state = { call: number, outcome: 'bypass' }
      return
    }
    for (const ask of call.waiting) this.#serve(ask, call, ask === call.leader ? 'miss' : 'hit')
    if (this.#spent(call)) this.evictions.limit++
    else if (call.generation !== this.#generation) this.evictions.cleared++
    else this.#keep(call)
  }

  fail(number: number): void {
    const call = this.calls[number]
    if (call === undefined || call.over) return
    for (const ask of call.waiting) ask.state = 'failed'
    if (this.#isBypass(call) && call.leader !== null) call.leader.state = 'failed'
    else this.#giveUp(call)
    call.over = true
  }

  abort(ask: Ask): void {
    if (ask.state !== 'waiting') return
    const call = this.calls.find(({ waiting }) => waiting.includes(ask))
    // Past the cache, an abort is the business of the keyring.
    if (call === undefined) return
    ask.state = 'aborted'
    this.#leave(call, ask)
    if (call.waiting.length === 0) this.#giveUp(call)
  }

  charge(ask: Ask, bytes: number): void {
    if (ask.usage === null || ask.bytes !== null) return
    ask.usage.bytes += bytes
    this.charged.bytes += bytes
    if (this.#spent(ask.usage)) this.#drop(ask.usage, 'limit')
  }

  clear(): void {
    this.#generation++
    for (const entry of [...this.#kept]) this.#drop(entry, 'cleared')
  }

  dispose(): void {
    this.clear()
    for (const call of this.calls) if (call.renewal && call.waiting.length === 0) this.#giveUp(call)
  }

  pass(): void {
    this.now++
    for (const entry of [...this.#kept]) {
      if (this.now - entry.createdAt > this.#bounds.maxAge) this.#drop(entry, 'expired')
    }
    const rebooking: Ask[] = []
    for (const call of this.calls) {
      const patience = call.renewal ? Math.min(PATIENCE, this.#bounds.gracePeriod) : PATIENCE
      if (call.over || call.overdue || this.now - call.startedAt < patience) continue
      call.overdue = true
      const others = call.waiting.filter((ask) => ask !== call.leader)
      for (const ask of others) this.#leave(call, ask)
      rebooking.push(...others)
      if (call.waiting.length === 0) this.#giveUp(call)
    }
    for (const ask of rebooking) {
      ask.rebooked = true
      this.#book(ask)
    }
  }

  #book(ask: Ask): void {
    const { maxAge, gracePeriod } = this.#bounds
    const entry = this.#kept.find(({ id }) => id === ask.id)
    if (entry !== undefined && this.now - entry.createdAt >= maxAge) this.#drop(entry, 'expired')
    else if (entry !== undefined && !this.#fits(entry, ask)) this.#drop(entry, 'limit')
    else if (entry !== undefined) {
      this.#kept = [...this.#kept.filter((each) => each !== entry), entry]
      this.#add(entry, ask)
      this.#serve(ask, entry, 'hit')
      const due = this.now - entry.createdAt >= maxAge - gracePeriod && this.now - entry.renewedAt >= 1
      if (this.#spent(entry)) this.#drop(entry, 'limit')
      else if (due && this.#boarding(ask.id) === undefined && gracePeriod > 0) {
        entry.renewedAt = this.now
        this.counts.refreshes++
        this.#call(ask.id, true)
      }
      return
    }
    const flight = this.#boarding(ask.id)
    const call = flight !== undefined && this.#fits(flight, ask) ? flight : this.#call(ask.id, false)
    if (call !== flight) {
      call.leader = ask
      this.counts.misses++
    }
    this.#add(call, ask)
    call.waiting.push(ask)
  }

  #call(id: string, renewal: boolean): Call {
    const call: Call = {
      number: this.calls.length,
      id,
      renewal,
      startedAt: this.now,
      generation: this.#generation,
      messages: 0,
      bytes: 0,
      leader: null,
      waiting: [],
      over: false,
      overdue: false,
      createdAt: 0,
      renewedAt: Number.NEGATIVE_INFINITY,
    }
    this.calls.push(call)
    return call
  }

  /** The last call for an id is the one to join, unless it is over or takes too long, or all was cleared since. */
  #boarding(id: string): Call | undefined {
    const last = this.calls.findLast((call) => call.id === id && !this.#isBypass(call))
    return last === undefined || last.over || last.overdue || last.generation !== this.#generation ? undefined : last
  }

  #isBypass = ({ leader }: Call): boolean =>
    leader !== null && (leader.bytes ?? (this.#bounds.maxBytes === 0 ? 1 : 0)) > this.#bounds.maxBytes

  #fits(usage: Call, { bytes }: Ask): boolean {
    const { maxMessages, maxBytes } = this.#bounds
    return usage.messages < maxMessages && usage.bytes + (bytes ?? 0) <= maxBytes
  }

  #add(usage: Call, { bytes }: Ask): void {
    usage.messages++
    usage.bytes += bytes ?? 0
  }

  #spent({ messages, bytes }: Call): boolean {
    const { maxMessages, maxBytes } = this.#bounds
    return messages >= maxMessages || (maxBytes === 0 ? bytes > 0 : bytes >= maxBytes)
  }

  #serve(ask: Ask, usage: Call, outcome: 'hit' | 'miss'): void {
    ask.state = { call: usage.number, outcome }
    ask.usage = usage
    this.charged.messages++
    this.charged.bytes += ask.bytes ?? 0
    // A leader was counted when it made its call.
    if (outcome === 'miss') return
    if (ask.rebooked || usage.waiting.includes(ask)) this.counts.coalesced++
    else this.counts.hits++
  }

  #leave(call: Call, ask: Ask): void {
    call.waiting = call.waiting.filter((each) => each !== ask)
    call.messages--
    call.bytes -= ask.bytes ?? 0
  }

  #giveUp(call: Call): void {
    if (call.over) return
    call.over = true
    if (call.renewal) this.counts.failedRefreshes++
    else this.counts.failures++
  }

  #keep(call: Call): void {
    const old = this.#kept.find(({ id }) => id === call.id)
    if (old !== undefined) this.#drop(old, 'replaced')
    const [oldest] = this.#kept
    if (oldest !== undefined && this.#kept.length >= this.#bounds.capacity) this.#drop(oldest, 'capacity')
    call.createdAt = this.now
    this.#kept.push(call)
  }

  #drop(entry: Call, reason: EvictionReason): void {
    if (!this.#kept.includes(entry)) return
    this.#kept = this.#kept.filter((each) => each !== entry)
    this.evictions[reason]++
  }
}
