import type { Operation } from '../call.ts'
import { openKey } from '../keys/resolve.ts'
import { POLICY_NAME } from './get-key-policy.ts'
import { pageOf } from './paging.ts'

const BOUNDS = { usual: 100, most: 1000 }

export const listKeyPolicies: Operation<'ListKeyPolicies'> = async (call, input) => {
  const key = await openKey(call, input.KeyId, 'ListKeyPolicies')
  const { items, rest } = await pageOf(call, input, BOUNDS, key.keyId, [POLICY_NAME])
  return { PolicyNames: items, ...rest }
}
