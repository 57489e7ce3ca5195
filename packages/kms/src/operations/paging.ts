import type { Call } from '../call.ts'
import type { Entry, Page } from '../store/store.ts'
import { invalid } from '../wire/errors.ts'

interface PageInput {
  readonly Limit?: number
  readonly Marker?: string
}

/** How many items a page has where the caller does not say, and at most. */
export interface PageBounds {
  readonly usual: number
  readonly most: number
}

export interface Listed<T> {
  readonly items: readonly T[]
  /** Truncated, and NextMarker where there is more. */
  readonly rest: { readonly Truncated: boolean; readonly NextMarker?: string }
}

/**
 * One page of a list. `list` names what is listed beside the operation; a marker is good for that alone. Throws
 * InvalidMarkerException for a marker that this list did not issue.
 */
export async function page<T>(
  call: Call,
  input: PageInput,
  bounds: PageBounds,
  list: string,
  load: (page: Page) => Promise<readonly (Pick<Entry<T>, 'id'> & { readonly record: T })[]>,
): Promise<Listed<T>> {
  const limit = input.Limit ?? bounds.usual
  if (limit > bounds.most) {
    throw invalid(
      `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value less than or equal to ${bounds.most}`,
    )
  }
  const scope = `${call.operation} ${call.caller.account} ${call.caller.region} ${list}`
  const after = input.Marker === undefined ? {} : { after: call.kms.markers.read(scope, input.Marker) }
  const found = await load({ ...after, limit: limit + 1 })
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const rest =
    found.length > limit && last !== undefined
      ? { NextMarker: call.kms.markers.issue(scope, last.id), Truncated: true }
      : { Truncated: false }
  return { items: items.map((entry) => entry.record), rest }
}

/** One page of a list that is at hand as a whole, in order. Markers hold how far it was read. */
export function pageOf<T>(
  call: Call,
  input: PageInput,
  bounds: PageBounds,
  list: string,
  all: readonly T[],
): Promise<Listed<T>> {
  return page(call, input, bounds, list, async ({ after, limit }) => {
    const start = after === undefined ? 0 : Number(after)
    return all.slice(start, start + limit).map((record, at) => ({ id: String(start + at + 1), record }))
  })
}
