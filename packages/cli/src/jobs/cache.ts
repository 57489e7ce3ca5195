import type { LocalDataKeyCache } from '@bongtu/data-key-cache'
import type { CacheFlags } from '../commands/cache-option.ts'
import { asUsage } from '../failure.ts'

/** The cache that a command line asks for, for as long as the work takes. Throws a usage failure for limits out of bounds. */
export async function withCache(
  { cache: limits }: CacheFlags,
  work: (cache: { readonly cache?: LocalDataKeyCache }) => Promise<void>,
): Promise<void> {
  if (limits === undefined) return work({})
  const { dataKeyCache } = await import('@bongtu/data-key-cache')
  const cache = asUsage(() => dataKeyCache(limits))
  try {
    await work({ cache })
  } finally {
    cache[Symbol.dispose]()
  }
}
