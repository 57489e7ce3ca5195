import type { Keyring } from '@bongtu/client'
import { requireDataKeyLength } from '../wrap-data-key.ts'
import { isRegion, parseKmsArn } from './arn.ts'
import { unwrapWithKms } from './candidates.ts'
import { embeddedClient } from './embedded-client.ts'
import { wrapFailed } from './failure.ts'
import { checkKeyId } from './key-ids.ts'
import type { EmbeddedKms } from './port.ts'
import { wrapUnderKmsKey } from './single-key.ts'

/** A KMS in this process that makes keys: `localKms()` of `@bongtu/kms`. */
export interface LocalKmsLike extends EmbeddedKms {
  /** The ARN of the key behind an alias; both are made where they are missing. */
  ensureAlias(name: string): Promise<string>
}

/**
 * Wraps under one key of a KMS in this process, and opens with any key of it: as no call leaves the process, it is the
 * KMS itself that decides. The key behind an alias is made when something is first encrypted under it.
 *
 * @throws TypeError or RangeError for what cannot name a key.
 */
export function localKmsKeyring(kms: LocalKmsLike, keyId: string): Keyring {
  const name = `local-kms:${checkKeyId('localKmsKeyring', keyId)}`
  const wrapping = { kms: embeddedClient(kms, parseKmsArn(keyId)?.region), grantTokens: [] }
  return Object.freeze<Keyring>({
    name,
    async wrapDataKey(request) {
      requireDataKeyLength(request)
      request.signal?.throwIfAborted()
      try {
        const keyArn = keyId.startsWith('alias/') ? await kms.ensureAlias(keyId) : keyId
        return await wrapUnderKmsKey(wrapping, keyArn, request)
      } catch (cause) {
        throw wrapFailed(name, cause, request.signal)
      }
    },
    unwrapDataKey: (request) =>
      unwrapWithKms(request, ({ arn, region }) =>
        isRegion(region)
          ? { access: { kms: embeddedClient(kms, region), grantTokens: [] }, keyArn: arn }
          : 'its Region is none',
      ),
  })
}
