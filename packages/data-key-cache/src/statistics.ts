import { publish } from '#diagnostics'

/** Why a request went past the cache. */
export type BypassReason = 'suite without key derivation' | 'longer than maxBytes' | 'cache disposed'

/** Why an entry left the cache. */
export type EvictionReason = 'capacity' | 'expired' | 'limit' | 'replaced' | 'not authentic' | 'cleared'

/** What is published on the diagnostics channel `bongtu:data-key-cache`. */
export type CacheEvent =
  /** Served from an entry; by a call of its own; by a call that another request had made. */
  | { readonly type: 'hit' | 'miss' | 'coalesced'; readonly operation: 'encrypt' | 'decrypt' }
  | { readonly type: 'bypass'; readonly operation: 'encrypt' | 'decrypt'; readonly reason: BypassReason }
  | { readonly type: 'eviction'; readonly reason: EvictionReason }
  /** `failure`: the call of a miss failed, or was given up because nobody waited for it any more. */
  | { readonly type: 'failure' | 'refresh' | 'refresh-failed'; readonly operation: 'encrypt' | 'decrypt' }
  | { readonly type: 'charge'; readonly messages: number; readonly bytes: number }

/** Counts since the cache was made. */
export interface DataKeyCacheStats {
  /** Entries kept now. */
  readonly entries: number
  /** Requests served from an entry that was there. */
  readonly hits: number
  /** Requests that made a call of their own. */
  readonly misses: number
  /** Those of these calls that failed or were given up. Nothing is kept of them. */
  readonly failures: number
  /** Requests served by a call that another one had made. */
  readonly coalesced: number
  readonly bypasses: Readonly<Record<BypassReason, number>>
  readonly evictions: Readonly<Record<EvictionReason, number>>
  /** Calls made ahead of expiry, and those of them that failed. */
  readonly refreshes: number
  readonly failedRefreshes: number
  /** Messages and bytes of plaintext charged to entries. */
  readonly messagesCharged: number
  readonly bytesCharged: bigint
  /** Calls to keyrings that were not made: hits and coalesced requests, less the refreshes. */
  readonly callsSaved: number
}

export interface Statistics {
  note(event: CacheEvent): void
  read(entries: number): DataKeyCacheStats
}

export function statistics(): Statistics {
  const counts = { hit: 0, miss: 0, coalesced: 0, failure: 0, refresh: 0, 'refresh-failed': 0 }
  const bypasses = { 'suite without key derivation': 0, 'longer than maxBytes': 0, 'cache disposed': 0 }
  const evictions = { capacity: 0, expired: 0, limit: 0, replaced: 0, 'not authentic': 0, cleared: 0 }
  let messagesCharged = 0
  let bytesCharged = 0n
  const count = (event: CacheEvent): void => {
    if (event.type === 'bypass') bypasses[event.reason]++
    else if (event.type === 'eviction') evictions[event.reason]++
    else if (event.type === 'charge') {
      messagesCharged += event.messages
      bytesCharged += BigInt(event.bytes)
    } else counts[event.type]++
  }
  return {
    note(event) {
      count(event)
      publish(event)
    },
    read: (entries) => ({
      entries,
      hits: counts.hit,
      misses: counts.miss,
      failures: counts.failure,
      coalesced: counts.coalesced,
      bypasses: { ...bypasses },
      evictions: { ...evictions },
      refreshes: counts.refresh,
      failedRefreshes: counts['refresh-failed'],
      messagesCharged,
      bytesCharged,
      callsSaved: counts.hit + counts.coalesced - counts.refresh,
    }),
  }
}
