import type { Operation } from '../call.ts'
import { changeKey } from '../keys/change-key.ts'
import { checkTagKeys } from '../keys/tags.ts'

export const untagResource: Operation<'UntagResource'> = async (call, input) => {
  checkTagKeys(input.TagKeys)
  await changeKey(call, input.KeyId, 'UntagResource', (key) => ({
    ...key,
    tags: key.tags.filter((tag) => !input.TagKeys.includes(tag.TagKey)),
  }))
  return undefined
}
