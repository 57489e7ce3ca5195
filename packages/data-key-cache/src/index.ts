import type {
  CacheServed,
  DataKeyCache,
  DecryptionMaterials,
  EncryptionCacheRequest,
  EncryptionMaterials,
} from '@bongtu/client'
import { type Entry, entries } from './entries.ts'
import { flights } from './flights.ts'
import { identities } from './identity.ts'
import { checkOptions, type DataKeyCacheOptions } from './options.ts'
import { type Direction, serve } from './serve.ts'
import { type BypassReason, type DataKeyCacheStats, statistics } from './statistics.ts'

export type { DataKeyCacheOptions } from './options.ts'
export type { BypassReason, CacheEvent, DataKeyCacheStats, EvictionReason } from './statistics.ts'

/** A cache of data keys, for the `cache` option of encrypt and decrypt. */
export interface LocalDataKeyCache extends DataKeyCache, Disposable {
  /** What it did since it was made. */
  stats(): DataKeyCacheStats
  /** Zeroes and forgets every entry. */
  clear(): void
}

/**
 * Keeps data keys in this process, so that many messages cost one call to the keyring (caching-cmm.md). Entries are told
 * apart by all that may change the result; each serves until its age, messages or bytes are spent; concurrent misses make
 * one call. Throws TypeError or RangeError for wrong options.
 */
export function dataKeyCache(options: DataKeyCacheOptions): LocalDataKeyCache {
  const checked = checkOptions(options)
  const { maxBytes, maxMessages } = checked
  const stats = statistics()
  const ids = identities(checked.partition)
  const direction = <M extends { dataKey: Uint8Array }>(operation: 'encrypt' | 'decrypt'): Direction<M> => ({
    operation,
    options: checked,
    entries: entries<M>(checked, stats),
    flights: flights<void>(),
    statistics: stats,
  })
  const encryption = direction<EncryptionMaterials>('encrypt')
  const decryption = direction<DecryptionMaterials>('decrypt')
  let disposed = false

  const bypass = async <M>(
    operation: 'encrypt' | 'decrypt',
    reason: BypassReason,
    call: (signal?: AbortSignal) => Promise<M>,
    signal: AbortSignal | undefined,
  ): Promise<M & CacheServed> => {
    stats.note({ type: 'bypass', operation, reason })
    return { ...(await call(signal)), outcome: 'bypass' }
  }
  /** caching-cmm.md: a suite without key derivation uses the data key itself, which must then encrypt one message only. */
  const reasonToBypass = (suite: { readonly kdf: unknown }, length: number): BypassReason | undefined => {
    if (disposed) return 'cache disposed'
    if (suite.kdf === null) return 'suite without key derivation'
    return BigInt(length) > maxBytes ? 'longer than maxBytes' : undefined
  }
  const charge = (entry: Entry<EncryptionMaterials>, bytes: number): boolean => {
    const total = entry.bytes + BigInt(bytes)
    if (entry.messages >= maxMessages || total > maxBytes) return false
    entry.messages++
    entry.bytes = total
    stats.note({ type: 'charge', messages: 1, bytes })
    return true
  }
  const spent = ({ messages, bytes }: Entry<EncryptionMaterials>): boolean =>
    messages >= maxMessages || (bytes >= maxBytes && maxBytes > 0n)
  /** A stream of unknown length goes on under its data key, and the entry serves nobody else once its bytes are spent. */
  const chargeLater = (id: string, entry: Entry<EncryptionMaterials>) => (bytes: number) => {
    entry.bytes += BigInt(bytes)
    stats.note({ type: 'charge', messages: 0, bytes })
    if (entry.bytes > maxBytes || spent(entry)) encryption.entries.drop(id, entry, 'limit')
  }
  const servedEncryption = async (request: EncryptionCacheRequest): Promise<EncryptionMaterials & CacheServed> => {
    const id = await ids.ofEncryption(request)
    const { materials, entry, outcome } = await serve(encryption, {
      id,
      signal: request.signal,
      call: request.generate,
      charge: (kept) => charge(kept, request.plaintextLength ?? 0),
      spent,
    })
    const later = request.plaintextLength === undefined ? { charge: chargeLater(id, entry) } : {}
    return { ...materials, outcome, ...later }
  }
  return Object.freeze<LocalDataKeyCache>({
    async forEncryption(request) {
      const reason = reasonToBypass(request.suite, request.plaintextLength ?? 0)
      return reason === undefined
        ? servedEncryption(request)
        : bypass('encrypt', reason, request.generate, request.signal)
    },
    async forDecryption(request) {
      const reason = reasonToBypass(request.suite, 0)
      if (reason !== undefined) return bypass('decrypt', reason, request.unwrap, request.signal)
      const { signal, unwrap: call } = request
      const id = await ids.ofDecryption(request)
      const { materials, outcome } = await serve(decryption, {
        id,
        signal,
        call,
        charge: () => true,
        spent: () => false,
      })
      return { ...materials, outcome }
    },
    stats: () => stats.read(encryption.entries.size + decryption.entries.size),
    clear() {
      encryption.entries.clear()
      decryption.entries.clear()
    },
    [Symbol.dispose]() {
      disposed = true
      encryption.entries.close()
      decryption.entries.close()
    },
  })
}
