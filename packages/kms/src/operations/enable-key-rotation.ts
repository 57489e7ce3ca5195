import type { Operation } from '../call.ts'
import { changeKey } from '../keys/change-key.ts'
import { DEFAULT_ROTATION_DAYS, rotatingFrom } from '../keys/new-key.ts'
import { openKey } from '../keys/resolve.ts'
import { checkPlace } from '../keys/rotates.ts'

/** Each call sets the period, 365 days by default. A call with the period that the key has leaves its schedule as it is. */
export const enableKeyRotation: Operation<'EnableKeyRotation'> = async (call, input) => {
  const { kms } = call
  await checkPlace(kms, await openKey(call, input.KeyId, 'EnableKeyRotation'))
  await changeKey(call, input.KeyId, 'EnableKeyRotation', (key) => {
    const { enabled, periodInDays, onDemandCount } = key.rotation
    const wanted = input.RotationPeriodInDays ?? DEFAULT_ROTATION_DAYS
    if (enabled && wanted === periodInDays) return key
    return { ...key, rotation: rotatingFrom(kms.clock.now(), wanted, onDemandCount) }
  })
  return undefined
}
