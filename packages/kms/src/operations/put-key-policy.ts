import type { Operation } from '../call.ts'
import { changeKey } from '../keys/change-key.ts'
import { openKey } from '../keys/resolve.ts'
import { checkPolicy } from '../policy/check-policy.ts'
import { checkPolicyName } from './get-key-policy.ts'

export const putKeyPolicy: Operation<'PutKeyPolicy'> = async (call, input) => {
  await openKey(call, input.KeyId, 'PutKeyPolicy')
  checkPolicyName(input.PolicyName)
  checkPolicy(input.Policy, call.caller, input.BypassPolicyLockoutSafetyCheck === true)
  await changeKey(call, input.KeyId, 'PutKeyPolicy', (key) => ({ ...key, policy: input.Policy }))
  return undefined
}
