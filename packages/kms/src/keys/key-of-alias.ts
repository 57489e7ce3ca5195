import type { Kms } from '../kms.ts'
import { materials } from '../store/material.ts'
import { transact } from '../store/transact.ts'
import type { Place } from './arn.ts'
import { aliases, aliasRecordId, type KeyRecord, keys } from './key-record.ts'
import { withFirstMaterial } from './new-key.ts'

/**
 * The id of the key that the alias leads to. Where there is no such alias, it is made together with a key, once, however
 * many processes ask at the same time.
 */
export function keyOfAlias(kms: Kms, place: Place, name: string, blank: (now: number) => KeyRecord): Promise<string> {
  const { account, region } = place
  return transact(kms.store, async (transaction) => {
    const present = await transaction.get(aliases, aliasRecordId(place, name))
    if (present !== undefined) return present.targetKeyId
    const now = kms.clock.now()
    const { key, material } = await withFirstMaterial(await kms.domain.tokensFor(transaction), blank(now))
    transaction.insert(keys, key)
    transaction.insert(materials, material)
    transaction.insert(aliases, { account, region, name, targetKeyId: key.keyId, createdAt: now, updatedAt: now })
    return key.keyId
  })
}
