import { createHsm, passphraseRoot, type RootKey } from '../hsm/factory.ts'
import { HsmError } from '../hsm/port.ts'
import { recordOf, replace, unchanged } from '../store/kind.ts'
import { DOMAIN_KEY, type Material, materials } from '../store/material.ts'
import { type Store, StoreError } from '../store/store.ts'
import { type BackupFile, parseBackup } from './backup-file.ts'
import { DOMAIN_ID, type DomainRecord, domains } from './domain-record.ts'
import { type QuarantinedToken, takenBack } from './quarantine.ts'
import { isIntact, type Rewrap, refOf } from './rewrap.ts'

export interface BackupToRead {
  /** What `backup` wrote, and its passphrase if it has one. */
  readonly backup: Uint8Array
  readonly passphrase?: Uint8Array
}

export interface PutBack extends Rewrap, BackupToRead {
  /** The root of this store. */
  readonly root: RootKey
  readonly now: () => number
}

/**
 * Puts those of the refused tokens back that open under the domain of the backup, each under the active domain key, and returns
 * their ids. What the store can still read of the record stays. A TypeError if the bytes are no backup or lack their
 * passphrase, HsmError `wrongRoot` if the backup is of another root or another store.
 */
export async function putBack(options: PutBack, refused: readonly QuarantinedToken[]): Promise<readonly string[]> {
  const file = parseBackup(options.backup)
  const from = await domainOf(file, options)
  const kept = new Map(file.rows.filter(({ kind }) => kind === materials.name).map(({ id, body }) => [id, body]))
  const done: string[] = []
  for (const token of refused) {
    const body = kept.get(token.id)
    if (body !== undefined && (await putOneBack(options, token, body, from))) done.push(token.id)
  }
  return done
}

async function putOneBack(
  { store, hsm, install }: PutBack,
  { id, domainKey }: QuarantinedToken,
  body: string,
  from: Uint8Array,
): Promise<boolean> {
  const version = await versionOf(store, id, domainKey)
  const { entry: domain } = await install()
  const kept = materialIn(body, id)
  if (version === undefined || kept === undefined) return false
  const [moved] = (await hsm.execute('rewrapTokens', { tokens: [refOf(kept)], from })).tokens
  if (moved === undefined || 'refused' in moved) return false
  const record = await readable(store, id, kept)
  const token = Buffer.from(moved.token).toString('base64')
  await store.commit([
    unchanged(domains, DOMAIN_ID, domain.version),
    replace(materials, { ...record, token }, version),
    ...(await takenBack(store, id)),
  ])
  return true
}

/** The material of a row of the backup; `undefined` if that row is damaged too, or its material was deleted. */
function materialIn(body: string, id: string): Material | undefined {
  try {
    const record = recordOf<Material>(body, materials.name, id)
    return isIntact({ id, version: 0, record }) ? record : undefined
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    return undefined
  }
}

/** The material of the backup, with what later rotations and imports changed if the store can still read it. */
async function readable(store: Store, id: string, kept: Material): Promise<Material> {
  try {
    const record = (await store.get(materials, id))?.record
    const isSame = record !== undefined && materials.id(record) === id && record.keyMaterialId === kept.keyMaterialId
    if (!isSame) return kept
    const { state, rotation, imported } = record
    return { ...kept, state, rotation, imported }
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'damaged')) throw error
    return kept
  }
}

/** The version of a record that may not be readable. */
async function versionOf(store: Store, id: string, domainKey: string): Promise<number | undefined> {
  for (let after = ''; ; ) {
    const page = await store.idsBy(materials, DOMAIN_KEY, domainKey, { after, limit: 1000 })
    const found = page.find((row) => row.id === id)
    const last = page.at(-1)
    if (found !== undefined || last === undefined) return found?.version
    after = last.id
  }
}

/** The domain token of a backup, under the root of this store. */
async function domainOf(file: BackupFile, { passphrase, root, now }: PutBack): Promise<Uint8Array> {
  const row = file.rows.find((each) => each.kind === domains.name && each.id === DOMAIN_ID)
  if (row === undefined) throw new HsmError('noDomain', 'the backup holds no domain')
  const sealed = Buffer.from(recordOf<DomainRecord>(row.body, row.kind, row.id).token, 'base64')
  if (file.root === 'absent') return sealed
  if (passphrase === undefined) throw new TypeError('the backup is sealed by a passphrase: give it')
  const hsm = createHsm({ rootKey: await passphraseRoot(passphrase)({ mayCreate: false }), now })
  return (await hsm.resealDomain(sealed, root)).domain
}
