import type { Seed } from './seed.ts'

/** The accounts that a seed names. */
export function seedAccounts({ account, keys = [], aliases = [], credentials = [] }: Seed): ReadonlySet<string> {
  const named = [account, ...[...keys, ...aliases, ...credentials].map((entry) => entry.account)]
  return new Set(named.filter((one) => one !== undefined))
}
