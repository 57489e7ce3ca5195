import type { Operation } from '../call.ts'
import { checkAliasName } from '../keys/alias-name.ts'
import { aliases, aliasRecordId, keyRecordId, keys } from '../keys/key-record.ts'
import { noSuchAlias, openKey } from '../keys/resolve.ts'
import { transact } from '../store/transact.ts'
import { checkAliasQuota } from './create-alias.ts'

export const updateAlias: Operation<'UpdateAlias'> = async (call, input) => {
  const { kms, caller } = call
  const name = checkAliasName(input.AliasName)
  await transact(kms.store, async (transaction) => {
    const alias = await transaction.get(aliases, aliasRecordId(caller, name))
    if (alias === undefined) throw noSuchAlias(caller, name)
    const key = await openKey(call, input.TargetKeyId, 'UpdateAlias')
    await transaction.get(keys, keyRecordId(key))
    if (alias.targetKeyId !== key.keyId) await checkAliasQuota(call, key)
    transaction.replace(aliases, { ...alias, targetKeyId: key.keyId, updatedAt: kms.clock.now() })
  })
  return undefined
}
