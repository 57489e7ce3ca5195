import { BongtuError } from '@bongtu/message-format'
import { abortable } from './abortable.ts'
import { parseKeyArn } from './arn.ts'
import { mayBe } from './key-ids.ts'
import type { KmsAccess } from './single-key.ts'

/** Asks KMS which key stands behind a key id or alias. Rejects with ERR_KEYRING where the answer is no ARN of such a key. */
export async function resolveKeyId(
  { kms, grantTokens }: KmsAccess,
  keyId: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (kms.describeKey === undefined) {
    throw new BongtuError('ERR_KEYRING', 'resolveKeyIds needs a client with describeKey')
  }
  const request = grantTokens.length > 0 ? { KeyId: keyId, GrantTokens: [...grantTokens] } : { KeyId: keyId }
  const call = kms.describeKey(request, signal === undefined ? {} : { abortSignal: signal })
  const answered = (await abortable(call, signal)).KeyMetadata?.Arn
  const arn = typeof answered === 'string' ? parseKeyArn(answered) : null
  if (arn !== null && mayBe(keyId, arn)) return arn.arn
  throw new BongtuError('ERR_KEYRING', `DescribeKey of ${keyId} did not answer the ARN of that key`)
}
