import { setImmediate } from 'node:timers/promises'
import { type BackingKeyRef, type Hsm, tokenBackingKeyIdOf } from '../hsm/port.ts'
import { replace, unchanged } from '../store/kind.ts'
import { DOMAIN_KEY, type Material, materials } from '../store/material.ts'
import { type Entry, type Store, StoreError, type Write } from '../store/store.ts'
import { DOMAIN_ID, type DomainRecord, domains } from './domain-record.ts'
import { type QuarantinedToken, takenBack } from './quarantine.ts'

/** Tokens that are moved in one commit. Other calls are served between two commits. */
export const STEP = 200
const ATTEMPTS = 32

/** The domain as the store has it, installed in the HSM. */
export interface InstalledEntry {
  readonly entry: Entry<DomainRecord>
  /** The id of the active domain key. */
  readonly active: string
}

export interface Rewrap {
  readonly store: Store
  readonly hsm: Hsm
  /** Installs the newest domain of the store. */
  readonly install: () => Promise<InstalledEntry>
}

/**
 * Moves every stored key token under the active domain key, and returns those that do not open. Any process may walk, at any
 * time, and several at once: a commit holds only if neither the domain nor one of its tokens changed since it was read.
 */
export async function rewrapAll(rewrap: Rewrap): Promise<readonly QuarantinedToken[]> {
  const refused: QuarantinedToken[] = []
  const { active } = await rewrap.install()
  for (const domainKey of await rewrap.store.values(materials, DOMAIN_KEY)) {
    if (domainKey === active) continue
    for (let after = ''; ; ) {
      const page = await rewrap.store.idsBy(materials, DOMAIN_KEY, domainKey, { after, limit: STEP })
      const last = page.at(-1)
      if (last === undefined) break
      const ids = page.map(({ id }) => id)
      refused.push(...(await moveStep(rewrap, ids)).map((token) => ({ ...token, domainKey })))
      if (page.length < STEP) break
      after = last.id
      await setImmediate()
    }
  }
  return refused
}

type Refused = Omit<QuarantinedToken, 'domainKey'>

async function moveStep(rewrap: Rewrap, ids: readonly string[]): Promise<readonly Refused[]> {
  for (let attempt = 1; ; attempt++) {
    const { entry: domain, active } = await rewrap.install()
    const { opened, refused } = await openTokens(rewrap, ids, active)
    const writes: Write[] = []
    for (const { id, version, record, moved } of opened) {
      const token = Buffer.from(moved).toString('base64')
      writes.push(replace(materials, { ...record, token }, version), ...(await takenBack(rewrap.store, id)))
    }
    if (writes.length === 0) return refused
    try {
      await rewrap.store.commit([unchanged(domains, DOMAIN_ID, domain.version), ...writes])
      return refused
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'conflict') || attempt === ATTEMPTS) throw error
    }
  }
}

/** The tokens of these records under the active domain key, but for those that are under `active` already. Stores nothing. */
export async function openTokens({ store, hsm }: Rewrap, ids: readonly string[], active?: string) {
  const { tokens, refused } = await readTokens(store, ids, active)
  const opened: (Entry<Material> & { readonly moved: Uint8Array })[] = []
  if (tokens.length === 0) return { opened, refused }
  const answer = await hsm.execute('rewrapTokens', { tokens: tokens.map(({ record }) => refOf(record)) })
  for (const [i, entry] of tokens.entries()) {
    const moved = answer.tokens[i] ?? { refused: 'invalidToken' as const }
    if ('refused' in moved) refused.push({ id: entry.id, reason: moved.refused })
    else opened.push({ ...entry, moved: moved.token })
  }
  return { opened, refused }
}

/** The tokens that are still there and not under the active domain key. A record that cannot be read does not stop the others. */
async function readTokens(
  store: Store,
  ids: readonly string[],
  active: string | undefined,
): Promise<{ readonly tokens: Entry<Material>[]; readonly refused: Refused[] }> {
  const tokens: Entry<Material>[] = []
  const refused: Refused[] = []
  for (const id of ids) {
    try {
      const entry = await store.get(materials, id)
      if (entry === undefined || entry.record.token === null) continue
      if (!isIntact(entry)) refused.push({ id, reason: 'damaged' })
      else if (materials.indexes?.[DOMAIN_KEY]?.(entry.record) !== active) tokens.push(entry)
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'damaged')) throw error
      refused.push({ id, reason: 'damaged' })
    }
  }
  return { tokens, refused }
}

/**
 * Whether the record is of this id, and its token of this material. Otherwise its replacement would go to another place, or
 * would no longer be found by its material.
 */
export function isIntact({ id, record }: Entry<Material>): boolean {
  if (typeof record.token !== 'string' || materials.id(record) !== id) return false
  const named = tokenBackingKeyIdOf(Buffer.from(record.token, 'base64'))
  return named === null || named === record.keyMaterialId
}

/** A material's token as the HSM takes it. */
export function refOf({ account, region, keyId, token }: Material): BackingKeyRef {
  return { key: { account, region, keyId }, token: Buffer.from(token ?? '', 'base64') }
}
