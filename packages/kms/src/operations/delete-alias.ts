import type { Operation } from '../call.ts'
import { checkAliasName } from '../keys/alias-name.ts'
import { aliases, aliasRecordId } from '../keys/key-record.ts'
import { noSuchAlias } from '../keys/resolve.ts'
import { transact } from '../store/transact.ts'

export const deleteAlias: Operation<'DeleteAlias'> = async ({ kms, caller }, input) => {
  const name = checkAliasName(input.AliasName)
  const id = aliasRecordId(caller, name)
  await transact(kms.store, async (transaction) => {
    if ((await transaction.get(aliases, id)) === undefined) throw noSuchAlias(caller, name)
    transaction.remove(aliases, id)
  })
  return undefined
}
