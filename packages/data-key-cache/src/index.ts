/// <reference lib="esnext.disposable" preserve="true" />
import type { CacheServed, DataKeyCache, DecryptionMaterials } from '@bongtu/client'
import { defaultEngine } from '@bongtu/crypto'
import { detachedDecryption, detachedEncryption } from './copies.ts'
import { entries, type Materials } from './entries.ts'
import { identities } from './identity.ts'
import { checkOptions, type DataKeyCacheOptions } from './options.ts'
import { type Direction, serve } from './serve.ts'
import { type BypassReason, type DataKeyCacheStats, statistics } from './statistics.ts'
import { type Limits, limitsOf, type Usage, unlimited } from './usage.ts'

export type { DataKeyCacheOptions } from './options.ts'
export type { BypassReason, CacheEvent, DataKeyCacheStats, EvictionReason } from './statistics.ts'

/** A cache of data keys, for the `cache` option of encrypt and decrypt. */
export interface LocalDataKeyCache extends DataKeyCache, Disposable {
  /** What it did since it was made. */
  stats(): DataKeyCacheStats
  /**
   * Zeroes and forgets every entry. Calls under way still serve those who wait for them, and nothing is kept of their
   * answers.
   */
  clear(): void
}

type Operation = 'encrypt' | 'decrypt'

/** What opened messages gives way to nothing that may open none. */
const sameDataKey = (kept: DecryptionMaterials, answer: DecryptionMaterials): boolean =>
  defaultEngine.equal(kept.dataKey, answer.dataKey)

/**
 * Keeps data keys in this process, so that many messages cost one call to the keyring (caching-cmm.md). Entries are told
 * apart by all that may change the result; each serves until its age, messages or bytes are spent; concurrent misses make
 * one call. Throws TypeError or RangeError for wrong options.
 */
export function dataKeyCache(options: DataKeyCacheOptions): LocalDataKeyCache {
  const checked = checkOptions(options)
  const { maxBytes } = checked
  const stats = statistics()
  const ids = identities(checked.partition)
  const direction = <M extends Materials>(
    operation: Operation,
    limits: Limits,
    detached: (materials: M) => M,
    renews: (kept: M, answer: M) => boolean,
  ): Direction<M> => ({
    operation,
    options: checked,
    limits,
    detached,
    renews,
    entries: entries<M>(checked, stats),
    boarding: new Map(),
    renewals: new Set(),
    statistics: stats,
  })
  const encryption = direction('encrypt', limitsOf(checked), detachedEncryption, () => true)
  const decryption = direction('decrypt', unlimited, detachedDecryption, sameDataKey)
  let disposed = false

  const bypass = async <M extends Materials>(
    operation: Operation,
    reason: BypassReason,
    call: (signal?: AbortSignal) => Promise<M>,
    signal: AbortSignal | undefined,
  ): Promise<M & CacheServed> => {
    stats.note({ type: 'bypass', operation, reason })
    return { ...(await call(signal)), outcome: 'bypass' }
  }
  /** caching-cmm.md: a suite without key derivation uses the data key itself, which must then encrypt one message only. */
  const reasonToBypass = (suite: { readonly kdf: unknown }, bytes: number): BypassReason | undefined => {
    if (disposed) return 'cache disposed'
    if (suite.kdf === null) return 'suite without key derivation'
    return BigInt(bytes) > maxBytes ? 'longer than maxBytes' : undefined
  }
  /** A stream of unknown length goes on under its data key, which serves nobody else once its bytes are spent. */
  const chargeLater = (id: string, usage: Usage) => (bytes: number) => {
    encryption.limits.add(usage, bytes)
    stats.note({ type: 'charge', messages: 0, bytes })
    if (encryption.limits.spent(usage)) encryption.entries.drop(id, usage, 'limit')
  }
  return Object.freeze<LocalDataKeyCache>({
    async forEncryption(request) {
      const { suite, plaintextLength, signal, generate: call } = request
      // Where no byte may be shared, a stream that is likely to bring some shares none.
      const atLeast = plaintextLength ?? (maxBytes === 0n ? 1 : 0)
      const reason = reasonToBypass(suite, atLeast)
      if (reason !== undefined) return bypass('encrypt', reason, call, signal)
      const id = await ids.ofEncryption(request)
      const { materials, usage, outcome } = await serve(encryption, { id, bytes: plaintextLength ?? 0, signal, call })
      return plaintextLength === undefined
        ? { ...materials, outcome, charge: chargeLater(id, usage) }
        : { ...materials, outcome }
    },
    async forDecryption(request) {
      const { suite, signal, unwrap: call } = request
      const reason = reasonToBypass(suite, 0)
      if (reason !== undefined) return bypass('decrypt', reason, call, signal)
      const id = await ids.ofDecryption(request)
      const { materials, usage, outcome, fresh } = await serve(decryption, { id, bytes: 0, signal, call })
      const forget = (): void => decryption.entries.drop(id, usage, 'not authentic')
      return fresh ? { ...materials, outcome, forget } : { ...materials, outcome }
    },
    stats: () => stats.read(encryption.entries.size + decryption.entries.size),
    clear() {
      for (const { entries: kept, boarding } of [encryption, decryption]) {
        boarding.clear()
        kept.clear()
      }
    },
    [Symbol.dispose]() {
      disposed = true
      for (const { entries: kept, boarding, renewals } of [encryption, decryption]) {
        boarding.clear()
        kept.close()
        for (const renewal of renewals) renewal.abandon(new Error('the cache was disposed'))
      }
    },
  })
}
