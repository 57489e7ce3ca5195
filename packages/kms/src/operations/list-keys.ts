import type { Operation } from '../call.ts'
import { keyArn } from '../keys/arn.ts'
import { keys } from '../keys/key-record.ts'
import { page } from './paging.ts'

const BOUNDS = { usual: 100, most: 1000 }

export const listKeys: Operation<'ListKeys'> = async (call, input) => {
  const { account, region } = call.caller
  const { items, rest } = await page(call, input, BOUNDS, '', (one) =>
    call.kms.store.list(keys, `${account}/${region}/`, one),
  )
  return { Keys: items.map((key) => ({ KeyId: key.keyId, KeyArn: keyArn(key) })), ...rest }
}
