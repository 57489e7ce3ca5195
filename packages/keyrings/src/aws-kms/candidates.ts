import type { UnwrappedDataKey, UnwrapRequest } from '@bongtu/client'
import { BongtuError } from '@bongtu/message-format'
import { firstThatOpens, OTHER_PROVIDER } from '../unwrap-data-key.ts'
import { type KmsArn, keyArnOf } from './arn.ts'
import { describeFailure } from './failure.ts'
import { AWS_KMS, type KmsAccess, unwrapUnderKmsKey } from './single-key.ts'

/** How a keyring opens what one key ARN wrapped, or why it does not ask. */
export type Choice = { readonly access: KmsAccess; readonly keyArn: string } | string

/**
 * Asks KMS for each encrypted data key that `choose` picks, in the order of the header. Rejects with ERR_MALFORMED, and
 * asks nothing, where one of the provider aws-kms names no key ARN: then OnDecrypt fails as a whole (aws-kms-keyring.md).
 */
export async function unwrapWithKms(
  request: UnwrapRequest,
  choose: (arn: KmsArn) => Choice | Promise<Choice>,
): Promise<UnwrappedDataKey | null> {
  requireKeyArns(request)
  return firstThatOpens(
    request,
    async (encryptedDataKey) => {
      const arn = encryptedDataKey.providerId === AWS_KMS ? keyArnOf(encryptedDataKey.keyInfo) : null
      if (arn === null) return OTHER_PROVIDER
      const choice = await choose(arn)
      if (typeof choice === 'string') return choice
      return unwrapUnderKmsKey(choice.access, choice.keyArn, encryptedDataKey, request)
    },
    describeFailure,
  )
}

function requireKeyArns({ encryptedDataKeys }: UnwrapRequest): void {
  for (const { providerId, keyInfo } of encryptedDataKeys) {
    if (providerId === AWS_KMS && keyArnOf(keyInfo) === null) {
      throw new BongtuError('ERR_MALFORMED', 'an encrypted data key of provider aws-kms names no AWS KMS key ARN')
    }
  }
}
