import type { Operation } from '../call.ts'
import { keyMetadata } from '../keys/metadata.ts'
import { openKey } from '../keys/resolve.ts'

export const describeKey: Operation<'DescribeKey'> = async (call, input) => {
  const key = await openKey(call, input.KeyId, 'DescribeKey')
  return { KeyMetadata: await keyMetadata(call.kms, key) }
}
