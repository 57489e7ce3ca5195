import { kindOf, readOptions } from '@bongtu/crypto/options'
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
  const { partition, accountIds } = readOptions(`${what}: filter`, filter, { partition: true, accountIds: true })
  if (typeof partition !== 'string' || partition === '') {
    throw new TypeError(`${what}: filter.partition must be a partition such as aws, got ${kindOf(partition)}`)
  }
  if (!isList(accountIds))
    throw new TypeError(
      `${what}: filter.accountIds must be an array of one account id or more, got ${kindOf(accountIds)}`,
    )
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
    throw new TypeError(`${what}: regions must be an array of one Region or more, got ${kindOf(regions)}`)
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
