import type { Store } from '../store/store.ts'
import { keys } from './key-record.ts'

/** Whether keys of AWS may appear in an account: each account that a caller makes up would get keys of its own. */
export type KnowsAccount = (account: string) => Promise<boolean>

/** Knows the accounts that are named, and those that have a key. */
export function knownAccounts(store: Store, named: ReadonlySet<string>): KnowsAccount {
  return async (account) => named.has(account) || (await store.list(keys, `${account}/`, { limit: 1 })).length > 0
}

/** Where signatures are checked, each caller has an access key of its account. */
export const everyAccount: KnowsAccount = async () => true
