import type { Page } from './store.ts'

const MAX_LIMIT = 10_000

/** A page with its default: `after` is the empty text, which stands before every id. */
export function pageOf({ after = '', limit }: Page): { after: string; limit: number } {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new RangeError(`the limit of a page must be 1 to ${MAX_LIMIT}`)
  }
  return { after, limit }
}
