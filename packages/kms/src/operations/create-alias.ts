import type { Call, Operation } from '../call.ts'
import { checkNewAliasName } from '../keys/alias-name.ts'
import { aliasArn } from '../keys/arn.ts'
import { aliases, aliasRecordId, type KeyRecord, keyRecordId, keys } from '../keys/key-record.ts'
import { openKey } from '../keys/resolve.ts'
import { transact } from '../store/transact.ts'
import { KmsError } from '../wire/errors.ts'

const MOST_ALIASES = 50

export const createAlias: Operation<'CreateAlias'> = async (call, input) => {
  const { kms, caller } = call
  const name = checkNewAliasName(input.AliasName)
  const { account, region } = caller
  await transact(kms.store, async (transaction) => {
    const key = await openKey(call, input.TargetKeyId, 'CreateAlias')
    await transaction.get(keys, keyRecordId(key))
    if ((await transaction.get(aliases, aliasRecordId(caller, name))) !== undefined) {
      throw new KmsError('AlreadyExistsException', `An alias with the name ${aliasArn(caller, name)} already exists`)
    }
    await checkAliasQuota(call, key)
    const now = kms.clock.now()
    transaction.insert(aliases, { account, region, name, targetKeyId: key.keyId, createdAt: now, updatedAt: now })
  })
  return undefined
}

export async function checkAliasQuota({ kms }: Call, key: KeyRecord): Promise<void> {
  const taken = await kms.store.listBy(aliases, 'target', keyRecordId(key), { limit: MOST_ALIASES })
  if (taken.length >= MOST_ALIASES) {
    throw new KmsError('LimitExceededException', `A KMS key can have at most ${MOST_ALIASES} aliases.`)
  }
}
