import type { CacheEvent } from '../statistics.ts'

/** Browsers have no diagnostics channels; `stats()` tells the same. */
export const publish: (event: CacheEvent) => void = () => {}
