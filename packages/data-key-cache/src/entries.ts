import { LRUCache } from 'lru-cache'
import type { CheckedOptions } from './options.ts'
import type { EvictionReason, Statistics } from './statistics.ts'

/** What both directions keep: a data key and what belongs to it. */
export interface Materials {
  readonly dataKey: Uint8Array
}

/** A kept data key and what it was used for. It is zeroed when it leaves, whatever the reason. */
export interface Entry<M extends Materials> {
  readonly materials: M
  readonly createdAt: number
  messages: number
  bytes: bigint
  /** When a renewal was last begun. */
  renewedAt: number
  /** Why it leaves, where the cache decides that. */
  leaving?: EvictionReason
}

/** The entries of one direction, bounded by capacity and age. */
export interface Entries<M extends Materials> {
  readonly size: number
  /** An entry within its age. */
  get(id: string): Entry<M> | undefined
  set(id: string, materials: M): Entry<M>
  /** Drops this very entry, if it is still there. */
  drop(id: string, entry: Entry<M>, reason: EvictionReason): void
  clear(): void
  /** From now on nothing is kept for longer than the call that made it. */
  close(): void
  /** To be called once the call that made an entry has taken what it needs. */
  settle(): void
}

export function entries<M extends Materials>(options: CheckedOptions, { note }: Statistics): Entries<M> {
  const { capacity, maxAge, clock } = options
  const reasons = {
    evict: 'capacity',
    set: 'replaced',
    expire: 'expired',
    delete: 'cleared',
    fetch: 'replaced',
  } as const
  const kept = new LRUCache<string, Entry<M>>({
    max: capacity,
    // Only so that an entry that nobody asks for again is zeroed too; whether one still serves is decided in get.
    ttl: maxAge,
    ttlAutopurge: true,
    ttlResolution: 0,
    perf: { now: clock },
    dispose: (entry, _id, reason) => {
      entry.materials.dataKey.fill(0)
      note({ type: 'eviction', reason: entry.leaving ?? reasons[reason] })
    },
  })
  const drop = (id: string, entry: Entry<M>, reason: EvictionReason): void => {
    if (kept.peek(id, { allowStale: true }) !== entry) return
    entry.leaving = reason
    kept.delete(id)
  }
  let closed = false
  return {
    get size() {
      return kept.size
    },
    get(id) {
      const entry = kept.get(id)
      if (entry === undefined) return undefined
      if (clock() - entry.createdAt < maxAge) return entry
      drop(id, entry, 'expired')
      return undefined
    },
    set(id, materials) {
      const entry = { materials, createdAt: clock(), messages: 0, bytes: 0n, renewedAt: Number.NEGATIVE_INFINITY }
      kept.set(id, entry)
      return entry
    },
    drop,
    clear: () => kept.clear(),
    close() {
      closed = true
      kept.clear()
    },
    settle() {
      if (closed) kept.clear()
    },
  }
}
