import type { Operation } from '../call.ts'
import { keys } from '../keys/key-record.ts'
import { keyMetadata } from '../keys/metadata.ts'
import { newKeyId, plainKey, withFirstMaterial } from '../keys/new-key.ts'
import { specUsages } from '../keys/specs.ts'
import { checkTags } from '../keys/tags.ts'
import type { InputOf } from '../model/types.ts'
import { checkPolicy } from '../policy/check-policy.ts'
import { defaultPolicy } from '../policy/default-policy.ts'
import { insert } from '../store/kind.ts'
import { materials } from '../store/material.ts'
import { transact } from '../store/transact.ts'
import { invalid, KmsError } from '../wire/errors.ts'

export const createKey: Operation<'CreateKey'> = async ({ kms, caller }, input) => {
  checkSpec(input)
  checkOrigin(input)
  const tags = checkTags(input.Tags ?? [])
  if (input.Policy !== undefined) checkPolicy(input.Policy, caller, input.BypassPolicyLockoutSafetyCheck === true)
  const multiRegion = input.MultiRegion === true
  const policy = input.Policy ?? defaultPolicy(caller)
  const blank = {
    ...plainKey(caller, newKeyId(multiRegion), kms.clock.now(), policy),
    description: input.Description ?? '',
    multiRegion: multiRegion ? ('PRIMARY' as const) : null,
    tags,
  }
  if (input.Origin === 'EXTERNAL') {
    const key = { ...blank, origin: 'EXTERNAL' as const, state: 'PendingImport' as const }
    await kms.store.commit([insert(keys, key)])
    return { KeyMetadata: await keyMetadata(kms, key) }
  }
  const key = await transact(kms.store, async (transaction) => {
    const made = await withFirstMaterial(await kms.domain.tokensFor(transaction), blank)
    transaction.insert(keys, made.key)
    transaction.insert(materials, made.material)
    return made.key
  })
  return { KeyMetadata: await keyMetadata(kms, key) }
}

function checkSpec({ KeySpec, CustomerMasterKeySpec, KeyUsage }: InputOf<'CreateKey'>): void {
  if (KeySpec !== undefined && CustomerMasterKeySpec !== undefined) {
    throw invalid(
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    )
  }
  const spec = KeySpec ?? CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT'
  if (KeyUsage === undefined && spec !== 'SYMMETRIC_DEFAULT') {
    throw invalid('You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.')
  }
  if (KeyUsage !== undefined && !specUsages[spec].includes(KeyUsage)) {
    throw invalid(`KeyUsage ${KeyUsage} is not compatible with KeySpec ${spec}`)
  }
  if (spec !== 'SYMMETRIC_DEFAULT') {
    throw new KmsError('UnsupportedOperationException', `KeySpec ${spec} is not supported.`)
  }
}

function checkOrigin({ Origin, CustomKeyStoreId, XksKeyId, MultiRegion }: InputOf<'CreateKey'>): void {
  if (CustomKeyStoreId !== undefined) throw new KmsError('CustomKeyStoreNotFoundException')
  if (Origin === 'AWS_CLOUDHSM' || Origin === 'EXTERNAL_KEY_STORE') {
    throw invalid(`A CustomKeyStoreId must be specified for a KMS key whose Origin is ${Origin}.`)
  }
  if (XksKeyId !== undefined) throw invalid('XksKeyId is only valid for a KMS key in an external key store.')
  if (MultiRegion === true && Origin === 'EXTERNAL') {
    throw new KmsError(
      'UnsupportedOperationException',
      'Multi-Region keys with imported key material are not supported.',
    )
  }
}
