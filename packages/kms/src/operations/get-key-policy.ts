import type { Operation } from '../call.ts'
import { openKey } from '../keys/resolve.ts'
import { KmsError } from '../wire/errors.ts'

/** A key has one policy, and this is its name. */
export const POLICY_NAME = 'default'

export const getKeyPolicy: Operation<'GetKeyPolicy'> = async (call, input) => {
  const key = await openKey(call, input.KeyId, 'GetKeyPolicy')
  checkPolicyName(input.PolicyName)
  return { Policy: key.policy, PolicyName: POLICY_NAME }
}

export function checkPolicyName(name: string | undefined): void {
  if (name !== undefined && name !== POLICY_NAME) throw new KmsError('NotFoundException', 'No such policy exists')
}
