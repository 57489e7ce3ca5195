import { DAY } from '../clock.ts'
import type { Kms } from '../kms.ts'
import { materials } from '../store/material.ts'
import { type Transaction, transact } from '../store/transact.ts'
import { aliases, type KeyRecord, keyRecordId, keys } from './key-record.ts'
import { materialsOf } from './materials.ts'

const ALL = { limit: 1000 }

/** Destroys a key whose wait has ended, with its tokens and aliases. Answers the key where its deletion was called off. */
export async function destroyIfDue(kms: Kms, named: KeyRecord): Promise<KeyRecord | undefined> {
  const id = keyRecordId(named)
  const now = kms.clock.now()
  return transact(kms.store, async (transaction) => {
    const key = await transaction.get(keys, id)
    const date = key?.deletion?.date ?? null
    if (key === undefined || date === null || date > now) return key
    for (const { id: aliasId } of await kms.store.listBy(aliases, 'target', id, ALL)) {
      if ((await transaction.get(aliases, aliasId)) !== undefined) transaction.remove(aliases, aliasId)
    }
    for (const material of await materialsOf(kms, key)) {
      const materialId = materials.id(material)
      if ((await transaction.get(materials, materialId)) !== undefined) transaction.remove(materials, materialId)
    }
    transaction.remove(keys, id)
    await startWaitOfPrimary(kms, transaction, key, now)
    return undefined
  })
}

/** The wait of a primary key that is to be deleted begins when its last replica is gone. */
async function startWaitOfPrimary(kms: Kms, transaction: Transaction, gone: KeyRecord, now: number): Promise<void> {
  if (gone.multiRegion !== 'REPLICA') return
  const related = await relatedKeys(kms, gone)
  const others = related.filter((key) => key.multiRegion === 'REPLICA' && key.region !== gone.region)
  const primary = related.find((key) => key.state === 'PendingReplicaDeletion')
  if (primary?.deletion == null || others.length > 0) return
  const current = await transaction.get(keys, keyRecordId(primary))
  if (current?.deletion == null) return
  const { windowInDays } = current.deletion
  const deletion = { date: now + windowInDays * DAY, windowInDays }
  transaction.replace(keys, { ...current, state: 'PendingDeletion', deletion })
}

/** The keys of a multi-Region set, itself included; none for a key of one Region. */
export async function relatedKeys(kms: Kms, key: KeyRecord): Promise<readonly KeyRecord[]> {
  if (key.multiRegion === null) return []
  const entries = await kms.store.listBy(keys, 'multiRegion', `${key.account}/${key.keyId}`, ALL)
  return entries.map((entry) => entry.record)
}
