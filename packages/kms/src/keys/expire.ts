import type { Kms } from '../kms.ts'
import { type Material, materials } from '../store/material.ts'
import { type Transaction, transact } from '../store/transact.ts'
import { type KeyRecord, keyRecordId, keys } from './key-record.ts'
import { materialsOf } from './materials.ts'

/** Removes the tokens of imported materials whose time is over. */
export async function expireIfDue(kms: Kms, named: KeyRecord): Promise<KeyRecord | undefined> {
  const now = kms.clock.now()
  return transact(kms.store, async (transaction) => {
    const key = await transaction.get(keys, keyRecordId(named))
    if (key === undefined) return undefined
    const isOver = ({ imported }: Material) => imported?.validTo != null && imported.validTo <= now
    return removeTokens(kms, transaction, key, isOver)
  })
}

/**
 * Forgets the tokens of the materials that `choose` picks. The key waits for them to be imported again, unless it waits
 * for its deletion. Material that never was current leaves no trace, so that other material may take its turn.
 */
export async function removeTokens(
  kms: Kms,
  transaction: Transaction,
  key: KeyRecord,
  choose: (material: Material) => boolean,
): Promise<KeyRecord> {
  const kept: Material[] = []
  for (const { sequence } of await materialsOf(kms, key)) {
    const { account, region, keyId } = key
    const id = materials.id({ account, region, keyId, sequence } as Material)
    const material = await transaction.get(materials, id)
    if (material === undefined) continue
    if (material.token === null || !choose(material)) kept.push(material)
    else if (material.state === 'PENDING_ROTATION') transaction.remove(materials, id)
    else {
      const forgotten = { ...material, token: null }
      transaction.replace(materials, forgotten)
      kept.push(forgotten)
    }
  }
  const next = withMaterials(key, kept)
  transaction.replace(keys, next)
  return next
}

/** The key as its materials leave it: what expires first, and whether any is missing. */
export function withMaterials(key: KeyRecord, all: readonly Material[]): KeyRecord {
  const dates = all.filter((m) => m.token !== null).map((m) => m.imported?.validTo ?? Infinity)
  const first = Math.min(...dates)
  const imported = dates.length === 0 ? null : { validTo: first === Infinity ? null : first }
  const missing = all.every((m) => m.state === 'PENDING_ROTATION') || all.some((m) => m.token === null)
  if (key.deletion !== null) return { ...key, imported }
  if (missing) return { ...key, imported, state: 'PendingImport' }
  return { ...key, imported, state: key.state === 'PendingImport' ? 'Enabled' : key.state }
}
