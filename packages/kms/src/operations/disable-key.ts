import type { Operation } from '../call.ts'
import { changeKey } from '../keys/change-key.ts'

export const disableKey: Operation<'DisableKey'> = async (call, input) => {
  await changeKey(call, input.KeyId, 'DisableKey', (key) =>
    key.state === 'Disabled' ? key : { ...key, state: 'Disabled' },
  )
  return undefined
}
