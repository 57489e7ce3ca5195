import type { Operation } from '../call.ts'
import { changeKey } from '../keys/change-key.ts'
import { checkTags } from '../keys/tags.ts'

export const tagResource: Operation<'TagResource'> = async (call, input) => {
  checkTags(input.Tags)
  await changeKey(call, input.KeyId, 'TagResource', (key) => {
    const values = new Map([...key.tags, ...input.Tags].map(({ TagKey, TagValue }) => [TagKey, TagValue]))
    return { ...key, tags: checkTags([...values].map(([TagKey, TagValue]) => ({ TagKey, TagValue }))) }
  })
  return undefined
}
