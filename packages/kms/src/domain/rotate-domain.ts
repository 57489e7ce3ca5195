import { setImmediate } from 'node:timers/promises'
import type { DomainToken, Hsm } from '../hsm/port.ts'
import { replace } from '../store/kind.ts'
import { type Material, materials } from '../store/material.ts'
import { type Entry, type Store, StoreError, type Write } from '../store/store.ts'
import { DOMAIN_ID, type DomainRecord, domains } from './domain-record.ts'

/** Tokens that are re-wrapped in one go, between which other calls are served. */
const BATCH = 200
const ATTEMPTS = 32

export interface Rotation {
  readonly store: Store
  /** Has the newest domain installed. */
  readonly hsm: Hsm
  /** The record of a new domain token. */
  recordOf(token: DomainToken): DomainRecord
}

/**
 * Writes a new domain token and, in the same transaction, every key token re-wrapped under it. Requests go on meanwhile: the
 * old key still unwraps, so nothing depends on when a process learns of the new one. Where another process rotates at the
 * same time, one of them does and the other is content. A key token that appears or changes meanwhile is re-wrapped in
 * another pass.
 */
export async function rotateDomain({ store, hsm, recordOf }: Rotation): Promise<void> {
  const before = await store.get(domains, DOMAIN_ID)
  const next = await hsm.execute('rotateDomainKey', {})
  if (before === undefined || before.record.version !== next.version - 1) return
  const rewrapped = new Map<string, { readonly version: number; readonly write: Write }>()
  for (let attempt = 1; ; attempt++) {
    try {
      await rewrapChanged(store, hsm, next, rewrapped)
      const writes = [...rewrapped.values()].map(({ write }) => write)
      return await store.commit([replace(domains, recordOf(next), before.version), ...writes])
    } catch (error) {
      // Another process was first: its tokens are under a key that only its ring holds, or its commit came before ours.
      if ((await store.get(domains, DOMAIN_ID))?.version !== before.version) return
      if (!(error instanceof StoreError && error.code === 'conflict') || attempt === ATTEMPTS) throw error
    }
  }
}

/** Brings `rewrapped` up to date with the store: one write for each key token that is there. */
async function rewrapChanged(
  store: Store,
  hsm: Hsm,
  { domain }: DomainToken,
  rewrapped: Map<string, { readonly version: number; readonly write: Write }>,
): Promise<void> {
  const present = new Set<string>()
  let after = ''
  for (;;) {
    const page = await store.list(materials, '', { after, limit: BATCH })
    const entries = page.filter((entry) => entry.record.token !== null)
    for (const { id } of entries) present.add(id)
    const changed = entries.filter(({ id, version }) => rewrapped.get(id)?.version !== version)
    if (changed.length > 0) {
      const { tokens } = await hsm.execute('rewrapTokens', { domain, tokens: changed.map(refOf) })
      for (const [i, { id, version, record }] of changed.entries()) {
        const token = Buffer.from(tokens[i] ?? []).toString('base64')
        rewrapped.set(id, { version, write: replace(materials, { ...record, token }, version) })
      }
    }
    const last = page.at(-1)
    if (last === undefined || page.length < BATCH) break
    after = last.id
    await setImmediate()
  }
  for (const id of rewrapped.keys()) if (!present.has(id)) rewrapped.delete(id)
}

function refOf({ record: { account, region, keyId, token } }: Entry<Material>) {
  return { key: { account, region, keyId }, token: Buffer.from(token ?? '', 'base64') }
}
