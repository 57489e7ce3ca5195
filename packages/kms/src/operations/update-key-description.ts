import type { Operation } from '../call.ts'
import { changeKey } from '../keys/change-key.ts'

export const updateKeyDescription: Operation<'UpdateKeyDescription'> = async (call, input) => {
  await changeKey(call, input.KeyId, 'UpdateKeyDescription', (key) => ({ ...key, description: input.Description }))
  return undefined
}
