import { refuseUnknownOptions } from '../exact-options.ts'
import { isRegion } from './arn.ts'
import type { KmsLookup } from './clients.ts'

/** Whose keys a discovery keyring may ask for. */
export interface DiscoveryFilter {
  /** `aws`, `aws-cn`, `aws-us-gov` … */
  readonly partition: string
  /** Account ids, one at least. */
  readonly accountIds: readonly string[]
}

/** A copy; `null` for `'any-account'`. Throws a TypeError for anything that is no whole filter. */
export function checkFilter(what: string, filter: DiscoveryFilter | 'any-account'): DiscoveryFilter | null {
  if (filter === 'any-account') return null
  if (typeof filter !== 'object' || filter === null) {
    throw new TypeError(
      `${what}: filter names partition and accountIds, or is 'any-account' to open keys of every account`,
    )
  }
  refuseUnknownOptions(`${what}: filter`, filter, { partition: true, accountIds: true })
  const { partition, accountIds } = filter
  if (typeof partition !== 'string' || partition === '') {
    throw new TypeError(`${what}: filter.partition is a partition such as aws`)
  }
  if (!isList(accountIds)) throw new TypeError(`${what}: filter.accountIds is an array of one account id or more`)
  return { partition, accountIds: [...accountIds] }
}

/** A copy, each once; one `undefined`, which stands for the own Region, where none is named. Throws a TypeError. */
export function checkRegions(
  what: string,
  regions: readonly string[] | undefined,
  lookup: KmsLookup,
): readonly (string | undefined)[] {
  if (regions === undefined) return [undefined]
  if (!isList(regions) || !regions.every(isRegion)) {
    throw new TypeError(`${what}: regions is an array of one Region or more`)
  }
  const distinct = [...new Set(regions)]
  if (distinct.length > 1 && lookup.single) {
    throw new TypeError(
      `${what}: one client calls one Region; for several regions, kms is a function from Region to client`,
    )
  }
  return distinct
}

const isList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string' && each !== '')
