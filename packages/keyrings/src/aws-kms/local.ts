import type { Keyring } from '@bongtu/client'
import { BongtuError } from '@bongtu/message-format'
import { requireDataKeyLength } from '../wrap-data-key.ts'
import { isRegion, type KmsArn, parseKeyArn, parseKmsArn } from './arn.ts'
import { type Choice, unwrapWithKms } from './candidates.ts'
import { embeddedClient } from './embedded-client.ts'
import { shown, wrapFailed } from './failure.ts'
import { checkKeyId } from './key-ids.ts'
import type { EmbeddedKms } from './port.ts'
import { resolveKeyId } from './resolve.ts'
import { wrapUnderKmsKey } from './single-key.ts'

/** A KMS in this process that makes keys: `localKms()` of `@bongtu/kms`. */
export interface LocalKmsLike extends EmbeddedKms {
  /** The ARN of the key behind an alias; both are made where they are missing. */
  ensureAlias(name: string): Promise<string>
}

/** Stands for every key of a KMS. */
const ANY_KEY = '*'

/**
 * Wraps under one key of a KMS in this process, and opens what this very key wrapped. An alias means the key that it
 * names at the time of the call; without a Region, it means the key that it names in the Region of the message's key.
 * The key behind an alias is made when something is first encrypted under it. The key id `*` opens with any key of this
 * KMS, and never wraps.
 *
 * @throws TypeError or RangeError for what cannot name a key.
 */
export function localKmsKeyring(kms: LocalKmsLike, keyId: string): Keyring {
  const name = `local-kms:${keyId === ANY_KEY ? keyId : checkKeyId('localKmsKeyring', keyId)}`
  const wrapping = { kms: embeddedClient(kms, parseKmsArn(keyId)?.region), grantTokens: [] }
  return Object.freeze<Keyring>({
    name,
    async wrapDataKey(request) {
      requireDataKeyLength(request)
      request.signal?.throwIfAborted()
      if (keyId === ANY_KEY) throw new BongtuError('ERR_KEYRING', `${name} only decrypts: name a key to encrypt`)
      try {
        const keyArn = keyId.startsWith('alias/') ? await kms.ensureAlias(keyId) : keyId
        return await wrapUnderKmsKey(wrapping, keyArn, request)
      } catch (cause) {
        throw wrapFailed(name, cause, request.signal)
      }
    },
    unwrapDataKey: (request) =>
      unwrapWithKms(request, async (arn): Promise<Choice> => {
        if (!isRegion(arn.region)) return 'its Region is malformed'
        const named = keyId === ANY_KEY ? arn.arn : await namedKey(kms, keyId, arn, request.signal)
        return named === arn.arn
          ? { access: { kms: embeddedClient(kms, arn.region), grantTokens: [] }, keyArn: arn.arn }
          : otherKey(keyId, named, arn)
      }),
  })
}

/** The ARN of the key that `keyId` names now, or `null` where it names none. The Region of a bare name is that of `arn`. */
async function namedKey(
  kms: LocalKmsLike,
  keyId: string,
  arn: KmsArn,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  if (parseKeyArn(keyId) !== null) return keyId
  const { region } = parseKmsArn(keyId) ?? arn
  try {
    return await resolveKeyId({ kms: embeddedClient(kms, region), grantTokens: [] }, keyId, signal)
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundException') return null
    throw error
  }
}

/** A message is not lost because its alias moved: the reason says how it opens. */
function otherKey(keyId: string, named: string | null, { arn }: KmsArn): string {
  const now = named === keyId ? '' : `, and ${keyId} names ${named === null ? 'no key there' : `${named} now`}`
  return `it is under ${shown(arn)}${now}; local-kms:* opens with any key of this KMS`
}
