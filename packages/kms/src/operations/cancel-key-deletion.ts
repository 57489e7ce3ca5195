import type { Operation } from '../call.ts'
import { keyArn } from '../keys/arn.ts'
import { transactOnKey } from '../keys/change-key.ts'
import { withMaterials } from '../keys/expire.ts'
import { keys } from '../keys/key-record.ts'
import { materialsOf } from '../keys/materials.ts'

/** The key comes back disabled, or still waiting for material that went meanwhile. */
export const cancelKeyDeletion: Operation<'CancelKeyDeletion'> = async (call, input) =>
  transactOnKey(call, input.KeyId, 'CancelKeyDeletion', async (key, transaction) => {
    const kept = { ...key, state: 'Disabled' as const, deletion: null }
    const all = key.origin === 'EXTERNAL' ? await materialsOf(call.kms, key) : undefined
    transaction.replace(keys, all === undefined ? kept : withMaterials(kept, all))
    return { KeyId: keyArn(key) }
  })
