import type { Operation } from '../call.ts'
import { changeKey } from '../keys/change-key.ts'

/** A rotation whose day passed while the key was disabled is made up for at once. */
export const enableKey: Operation<'EnableKey'> = async (call, input) => {
  const now = call.kms.clock.now()
  await changeKey(call, input.KeyId, 'EnableKey', (key) => {
    if (key.state === 'Enabled') return key
    const nextAt = key.rotation.nextAt === null ? null : Math.max(key.rotation.nextAt, now)
    return { ...key, state: 'Enabled', rotation: { ...key.rotation, nextAt } }
  })
  return undefined
}
