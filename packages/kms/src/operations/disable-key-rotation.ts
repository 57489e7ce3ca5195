import type { Operation } from '../call.ts'
import { changeKey } from '../keys/change-key.ts'
import { openKey } from '../keys/resolve.ts'
import { checkPlace } from '../keys/rotates.ts'

export const disableKeyRotation: Operation<'DisableKeyRotation'> = async (call, input) => {
  await checkPlace(call.kms, await openKey(call, input.KeyId, 'DisableKeyRotation'))
  await changeKey(call, input.KeyId, 'DisableKeyRotation', (key) =>
    key.rotation.enabled ? { ...key, rotation: { ...key.rotation, enabled: false, nextAt: null } } : key,
  )
  return undefined
}
