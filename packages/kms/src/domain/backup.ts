import { createHsm, passphraseRoot, type RootKey, type RootKeySource } from '../hsm/factory.ts'
import { DAMAGED, plainIndexes } from '../store/kind.ts'
import { DOMAIN_KEY, materials } from '../store/material.ts'
import { type SnapshotRow, type Store, StoreError } from '../store/store.ts'
import { type BackupFile, parseBackup } from './backup-file.ts'
import type { Domain } from './domain.ts'
import { DOMAIN_ID, type DomainRecord, domains } from './domain-record.ts'

export interface BackupOptions {
  readonly store: Store
  readonly domain: Domain
  /** 8 bytes or more. Without one, the backup is of no use to anyone who does not have the root. */
  readonly passphrase?: Uint8Array
}

/** A consistent copy of the store, made while requests go on. */
export async function backup({ store, domain, passphrase }: BackupOptions): Promise<Uint8Array> {
  const rows = await store.snapshot()
  const root = passphrase && (await passphraseRoot(passphrase)({ mayCreate: true }))
  const file: BackupFile = {
    format: 'bongtu-kms-backup',
    version: 1,
    root: root === undefined ? 'absent' : 'passphrase',
    rows: root === undefined ? rows : await withDomain(rows, (token) => resealed(token, domain, root)),
  }
  return new TextEncoder().encode(JSON.stringify(file))
}

export interface RestoreOptions {
  /** An empty store. */
  readonly store: Store
  readonly backup: Uint8Array
  /** The root that the store is to stand on. Made if need be where a passphrase opens the backup, never otherwise. */
  readonly rootKey: RootKeySource
  readonly passphrase?: Uint8Array
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * Fills an empty store from a backup. Nothing is written unless the backup opens: `wrongRoot` where the root or the passphrase
 * is another, `rootMissing` where there is no root, `exists` where the store is not empty, a TypeError where it is no backup or
 * lacks the passphrase it needs.
 */
export async function restore({ store, backup: bytes, rootKey, passphrase, now }: RestoreOptions): Promise<void> {
  const file = parseBackup(bytes)
  if ((await store.get(domains, DOMAIN_ID)) !== undefined) {
    throw new StoreError('exists', 'the store holds a domain already: restore into an empty store')
  }
  if (file.root === 'absent') {
    const hsm = createHsm({ rootKey: await rootKey({ mayCreate: false }), now })
    const rows = await withDomain(file.rows, async (domain) => {
      await hsm.execute('installDomain', { domain })
      return domain
    })
    return store.restore(rows)
  }
  if (passphrase === undefined) throw new TypeError('the backup is sealed by a passphrase: give it')
  const hsm = createHsm({ rootKey: await passphraseRoot(passphrase)({ mayCreate: false }), now })
  const rows = await withDomain(file.rows, async (domain) => {
    await hsm.execute('installDomain', { domain })
    const { domain: own } = await hsm.resealDomain(domain, await rootKey({ mayCreate: true }))
    return own
  })
  return store.restore(rows)
}

async function resealed(token: Uint8Array, domain: Domain, root: RootKey): Promise<Uint8Array> {
  return (await domain.reseal(token, root)).domain
}

/** The rows with another token in the place of the domain's. */
async function withDomain(
  rows: readonly SnapshotRow[],
  change: (token: Uint8Array) => Promise<Uint8Array>,
): Promise<SnapshotRow[]> {
  const changed: SnapshotRow[] = []
  for (const row of rows) {
    if (row.kind === materials.name) {
      // A backup of an earlier version lacks the index by domain key. A later one knows it even of a damaged record.
      const own = plainIndexes(materials, row.id, row.body)
      const indexes = own[DOMAIN_KEY] === DAMAGED ? { ...own, ...row.indexes } : own
      changed.push({ ...row, indexes })
      continue
    }
    if (row.kind !== domains.name || row.id !== DOMAIN_ID) {
      changed.push(row)
      continue
    }
    const record = JSON.parse(row.body) as DomainRecord
    if (typeof record.token !== 'string') throw new TypeError('the backup is damaged: its domain has no token')
    const token = Buffer.from(await change(Buffer.from(record.token, 'base64'))).toString('base64')
    changed.push({ ...row, body: JSON.stringify({ ...record, token }) })
  }
  return changed
}
