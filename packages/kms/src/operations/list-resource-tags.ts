import type { Operation } from '../call.ts'
import { openKey } from '../keys/resolve.ts'
import { pageOf } from './paging.ts'

const BOUNDS = { usual: 50, most: 50 }

export const listResourceTags: Operation<'ListResourceTags'> = async (call, input) => {
  const key = await openKey(call, input.KeyId, 'ListResourceTags')
  const { items, rest } = await pageOf(call, input, BOUNDS, key.keyId, key.tags)
  return { Tags: items, ...rest }
}
