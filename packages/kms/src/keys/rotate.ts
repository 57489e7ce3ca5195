import { DAY } from '../clock.ts'
import type { Kms } from '../kms.ts'
import { toBase64 } from '../model/base64.ts'
import { type Material, materials } from '../store/material.ts'
import { type Transaction, transact } from '../store/transact.ts'
import { type KeyRecord, keyRecordId, keys, rotationDue } from './key-record.ts'

/** How a material became the current one; times in milliseconds since 1970. */
export type RotationEvent = NonNullable<Material['rotation']>

/**
 * Makes new material current: material that waits for it, else material that the HSM makes now. What was current before
 * only decrypts from then on. Answers the key that the transaction will hold.
 */
export async function rotate(
  kms: Kms,
  transaction: Transaction,
  key: KeyRecord,
  event: RotationEvent,
  changes: Partial<KeyRecord>,
  pending?: Material,
): Promise<KeyRecord> {
  const { account, region, keyId, spec } = key
  const former = await transaction.find(materials, 'keyMaterialId', `${region}/${key.currentMaterialId}`)
  if (former !== undefined) transaction.replace(materials, { ...former, state: 'NON_CURRENT' })
  if (pending !== undefined) {
    transaction.replace(materials, { ...pending, state: 'CURRENT', rotation: event })
    return replaced(transaction, { ...key, ...changes, currentMaterialId: pending.keyMaterialId })
  }
  const tokens = await kms.domain.tokensFor(transaction)
  const made = await tokens.execute('createBackingKey', { key: { account, region, keyId }, spec })
  transaction.insert(materials, {
    account,
    region,
    keyId,
    spec,
    sequence: key.materialCount,
    keyMaterialId: made.backingKeyId,
    token: toBase64(made.token),
    state: 'CURRENT',
    rotation: event,
    imported: null,
  })
  const materialCount = key.materialCount + 1
  return replaced(transaction, { ...key, ...changes, currentMaterialId: made.backingKeyId, materialCount })
}

function replaced(transaction: Transaction, key: KeyRecord): KeyRecord {
  transaction.replace(keys, key)
  return key
}

/** Rotates the key where its day has come. A day that was missed is made up for once; the schedule stays. */
export async function rotateIfDue(kms: Kms, { account, region, keyId }: KeyRecord): Promise<KeyRecord | undefined> {
  const now = kms.clock.now()
  return transact(kms.store, async (transaction) => {
    const key = await transaction.get(keys, keyRecordId({ account, region, keyId }))
    const due = key === undefined ? null : rotationDue(key)
    if (key === undefined || due === null || due > now) return key
    const period = key.rotation.periodInDays * DAY
    const nextAt = due + (Math.floor((now - due) / period) + 1) * period
    const rotation = { ...key.rotation, nextAt }
    return rotate(kms, transaction, key, { type: 'AUTOMATIC', date: now }, { rotation })
  })
}
