import type { DomainStatus, DomainToken } from '../hsm/port.ts'
import { replace } from '../store/kind.ts'
import { DOMAIN_KEY, materials } from '../store/material.ts'
import { type Store, StoreError } from '../store/store.ts'
import { type DomainRecord, domains } from './domain-record.ts'
import { isGivenUp } from './quarantine.ts'
import type { Rewrap } from './rewrap.ts'

/** Deactivated domain keys that stay for a while, whatever is under them: import tokens are, and are good for a day. */
const KEPT = 7
const PAGE = 200

export interface Rotation extends Rewrap {
  /** The record of a new domain token. */
  recordOf(token: DomainToken): DomainRecord
}

/**
 * Makes a new domain key active. The old ones still unwrap, so requests go on, and nothing depends on when a process learns of
 * the new one; the tokens are moved afterwards. Where another process rotates at the same time, one of the two does.
 * Throws HsmError `ringFull` if no domain key may leave a full ring.
 */
export async function rotateDomain({ store, hsm, install, recordOf }: Rotation): Promise<void> {
  const { entry: before } = await install()
  const leaving = await leavingKeys(store, await hsm.execute('domainStatus', {}))
  const next = await hsm.execute('rotateDomainKey', { leaving })
  if (before.record.version !== next.version - 1) return
  await store.commit([replace(domains, recordOf(next), before.version)]).catch((error: unknown) => {
    // Another process was first.
    if (!(error instanceof StoreError && error.code === 'conflict')) throw error
  })
}

/**
 * The ids of domain keys that no stored token needs. No token comes under a deactivated key any more: a commit that stores one
 * holds only if its domain key is still the active one. So what is found here stays true.
 */
async function leavingKeys(store: Store, { domainKeys }: DomainStatus): Promise<readonly string[]> {
  const ids = domainKeys.map(({ id }) => id)
  const needed = new Set<string>()
  for (const domainKey of await store.values(materials, DOMAIN_KEY)) {
    const isRecent = ids.slice(0, KEPT).includes(domainKey)
    if (!isRecent && (await holdsTokens(store, domainKey))) needed.add(domainKey)
  }
  // A damaged token may be under any of the keys.
  if ([...needed].some((domainKey) => !ids.includes(domainKey))) return []
  return ids.slice(KEPT).filter((id) => !needed.has(id))
}

/** Whether a token is under the domain key that no operator has given up. */
async function holdsTokens(store: Store, domainKey: string): Promise<boolean> {
  for (let after = ''; ; ) {
    const page = await store.idsBy(materials, DOMAIN_KEY, domainKey, { after, limit: PAGE })
    for (const { id } of page) if (!(await isGivenUp(store, id))) return true
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return false
    after = last.id
  }
}
