import { LRUCache } from 'lru-cache'
import type { CheckedOptions } from './options.ts'
import type { EvictionReason, Statistics } from './statistics.ts'
import type { Usage } from './usage.ts'

/** What both directions keep: a data key and what belongs to it. */
export interface Materials {
  readonly dataKey: Uint8Array
}

/** A kept data key. It is zeroed when it leaves, whatever the reason. */
export interface Entry<M extends Materials> {
  readonly materials: M
  readonly usage: Usage
  readonly createdAt: number
  /** When a renewal was last begun. */
  renewedAt: number
}

/** The entries of one direction, bounded by capacity and age. */
export interface Entries<M extends Materials> {
  readonly size: number
  /** Counts how often all was cleared: what was asked for before that is not to be kept. */
  readonly generation: number
  /** An entry within its age. */
  get(id: string): Entry<M> | undefined
  /** Keeps materials from now on, or zeroes them where they were asked for in an earlier generation. */
  keep(id: string, materials: M, usage: Usage, generation: number): void
  /** Zeroes materials that are of no further use and were never kept. */
  discard(materials: M, reason: EvictionReason): void
  /** Drops the entry of this usage, if it is still there. */
  drop(id: string, usage: Usage, reason: EvictionReason): void
  clear(): void
  /** Clears, and keeps nothing from now on. */
  close(): void
}

const reasons = {
  evict: 'capacity',
  set: 'replaced',
  expire: 'expired',
  delete: 'limit',
  fetch: 'replaced',
} as const satisfies Record<LRUCache.DisposeReason, EvictionReason>

export function entries<M extends Materials>(options: CheckedOptions, { note }: Statistics): Entries<M> {
  const { capacity, maxAge, clock } = options
  const origin = clock()
  let generation = 0
  let closed = false
  /** Why entries leave, where the store cannot know. */
  let leaving: EvictionReason | undefined
  const kept = new LRUCache<string, Entry<M>>({
    max: capacity,
    // Only so that an entry that nobody asks for again is zeroed too; whether one still serves is decided in get.
    ttl: maxAge,
    ttlAutopurge: true,
    ttlResolution: 0,
    // The store takes a start of zero for none, so its time begins at one, wherever the clock begins.
    perf: { now: () => clock() - origin + 1 },
    dispose: ({ materials }) => void materials.dataKey.fill(0),
    // Told once the store is in order again: whoever listens may use the cache.
    disposeAfter: (_entry, _id, reason) => note({ type: 'eviction', reason: leaving ?? reasons[reason] }),
  })
  const because = (reason: EvictionReason, act: () => unknown): void => {
    const before = leaving
    leaving = reason
    try {
      act()
    } finally {
      leaving = before
    }
  }
  const drop = (id: string, usage: Usage, reason: EvictionReason): void => {
    if (kept.peek(id, { allowStale: true })?.usage === usage) because(reason, () => kept.delete(id))
  }
  const discard = (materials: M, reason: EvictionReason): void => {
    materials.dataKey.fill(0)
    note({ type: 'eviction', reason })
  }
  const clear = (): void => {
    generation++
    because('cleared', () => kept.clear())
  }
  return {
    get size() {
      return kept.size
    },
    get generation() {
      return generation
    },
    get(id) {
      const entry = kept.get(id)
      if (entry === undefined) return undefined
      if (clock() - entry.createdAt < maxAge) return entry
      drop(id, entry.usage, 'expired')
      return undefined
    },
    keep(id, materials, usage, asked) {
      if (closed || asked !== generation) discard(materials, 'cleared')
      else kept.set(id, { materials, usage, createdAt: clock(), renewedAt: Number.NEGATIVE_INFINITY })
    },
    discard,
    drop,
    clear,
    close() {
      closed = true
      clear()
    },
  }
}
