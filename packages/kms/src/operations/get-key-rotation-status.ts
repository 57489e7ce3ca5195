import type { Operation } from '../call.ts'
import { toSeconds } from '../clock.ts'
import { keyArn } from '../keys/arn.ts'
import { openKey } from '../keys/resolve.ts'

/** A key that waits for its deletion does not rotate, whatever it did before and may do again. */
export const getKeyRotationStatus: Operation<'GetKeyRotationStatus'> = async (call, input) => {
  const key = await openKey(call, input.KeyId, 'GetKeyRotationStatus')
  const { enabled, periodInDays, nextAt } = key.rotation
  const rotates = enabled && key.deletion === null
  return {
    KeyId: keyArn(key),
    KeyRotationEnabled: rotates,
    ...(rotates && nextAt !== null ? { RotationPeriodInDays: periodInDays, NextRotationDate: toSeconds(nextAt) } : {}),
  }
}
