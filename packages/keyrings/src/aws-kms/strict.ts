import type { Keyring, UnwrapRequest } from '@bongtu/client'
import { kindOf, type OptionNames, readOptions } from '@bongtu/crypto/options'
import { BongtuError } from '@bongtu/message-format'
import { multi } from '../multi/index.ts'
import { requireDataKeyLength } from '../wrap-data-key.ts'
import { isMultiRegion, type KmsArn, keyArnOf, parseKeyArn, parseKmsArn, sameMultiRegionKey } from './arn.ts'
import { type Choice, unwrapWithKms } from './candidates.ts'
import { type KmsClients, type KmsLookup, lookupOf } from './clients.ts'
import { wrapFailed } from './failure.ts'
import { checkGrantTokens } from './grant-tokens.ts'
import { checkKeyIds, requireDistinctMultiRegionKeys } from './key-ids.ts'
import { resolveKeyId } from './resolve.ts'
import { AWS_KMS, type KmsAccess, wrapUnderKmsKey } from './single-key.ts'

export interface AwsKmsOptions {
  /** The key that generates data keys: a key ARN, a key id, an alias ARN, or `alias/…`. Decryption needs a key ARN. */
  readonly keyId: string
  /** Keys that wrap the data key as well; any one of them opens the message. */
  readonly furtherKeyIds?: readonly string[]
  /** At most 10, sent with every call. */
  readonly grantTokens?: readonly string[]
  /** One client, or a function from Region to client. Default: this package's own, with the usual AWS settings. */
  readonly kms?: KmsClients
  /**
   * Where a configured key is no key ARN, ask DescribeKey for it before decrypting: at first, and again when no encrypted
   * data key is of the key last found, since an alias can be moved. Off by default: whoever may move the alias then
   * chooses whose messages are opened.
   */
  readonly resolveKeyIds?: boolean
}

const OPTIONS: OptionNames<AwsKmsOptions> = {
  keyId: true,
  furtherKeyIds: true,
  grantTokens: true,
  kms: true,
  resolveKeyIds: true,
}

/** What tells the two kinds of keyring apart. */
interface Kind {
  readonly what: string
  readonly scheme: string
  /** Whether the configured key opens what the other key ARN wrapped. */
  readonly matches: (configured: string, arn: string) => boolean
}

const STRICT: Kind = { what: 'awsKms', scheme: 'aws-kms', matches: (configured, arn) => configured === arn }
const MULTI_REGION: Kind = { what: 'awsKmsMrk', scheme: 'aws-kms-mrk', matches: sameMultiRegionKey }

/**
 * Wraps data keys under AWS KMS keys, and opens what these very keys wrapped (aws-kms-keyring.md). No other key is asked,
 * whatever a message names. With further keys it is a multi keyring of the first, which generates, and the others.
 *
 * @throws TypeError or RangeError for wrong options.
 */
export function awsKms(options: AwsKmsOptions): Keyring {
  return strictKeyring(STRICT, options)
}

/**
 * As `awsKms`, and a multi-Region key also opens what its replicas in other Regions wrapped: it is asked in the Region
 * that its own ARN names (aws-kms-mrk-keyring.md).
 *
 * @throws as `awsKms`; a RangeError where two of the keys are replicas of one key.
 */
export function awsKmsMrk(options: AwsKmsOptions): Keyring {
  return strictKeyring(MULTI_REGION, options)
}

function strictKeyring(kind: Kind, given: AwsKmsOptions): Keyring {
  const { what } = kind
  const options = readOptions(what, given, OPTIONS)
  const { keyId, furtherKeyIds = [], kms, resolveKeyIds = false } = options
  if (typeof resolveKeyIds !== 'boolean') {
    throw new TypeError(`${what}: resolveKeyIds must be true or false, got ${kindOf(resolveKeyIds)}`)
  }
  const keyIds = checkKeyIds(what, keyId, furtherKeyIds)
  if (kind === MULTI_REGION) requireDistinctMultiRegionKeys(what, keyIds)
  const grantTokens = checkGrantTokens(what, options.grantTokens)
  const lookup = lookupOf(kms)
  const [first, ...others] = keyIds.map((each) => keyringOfOneKey(kind, each, { lookup, grantTokens, resolveKeyIds }))
  return first === undefined || others.length > 0
    ? multi({ ...(first && { generator: first }), children: others })
    : first
}

interface Settings {
  readonly lookup: KmsLookup
  readonly grantTokens: readonly string[]
  readonly resolveKeyIds: boolean
}

function keyringOfOneKey(kind: Kind, keyId: string, { lookup, grantTokens, resolveKeyIds }: Settings): Keyring {
  const name = `${kind.scheme}:${keyId}`
  const region = parseKmsArn(keyId)?.region
  const access = (): KmsAccess => {
    const kms = lookup.clientFor(region)
    if (kms !== null) return { kms, grantTokens }
    const where = region === undefined ? 'a key that is named without its Region: name it by its ARN' : region
    throw new BongtuError('ERR_KEYRING', `${name}: the client supplier has no client for ${where}`)
  }
  const isKeyArn = parseKeyArn(keyId) !== null
  let resolved: string | undefined
  const configuredFor = async (request: UnwrapRequest): Promise<string | null> => {
    if (isKeyArn) return keyId
    if (!resolveKeyIds) return null
    if (resolved === undefined || !names(request, resolved, kind)) {
      resolved = await resolveKeyId(access(), keyId, request.signal)
    }
    return resolved
  }
  return Object.freeze<Keyring>({
    name,
    async wrapDataKey(request) {
      requireDataKeyLength(request)
      try {
        return await wrapUnderKmsKey(access(), keyId, request)
      } catch (cause) {
        throw wrapFailed(name, cause, request.signal)
      }
    },
    unwrapDataKey(request) {
      let configured: Promise<string | null> | undefined
      return unwrapWithKms(request, async (arn): Promise<Choice> => {
        configured ??= configuredFor(request)
        const keyArn = await configured
        if (keyArn !== null && kind.matches(keyArn, arn.arn)) return { access: access(), keyArn }
        return whyNot(keyId, keyArn, arn)
      })
    },
  })
}

const names = ({ encryptedDataKeys }: UnwrapRequest, keyArn: string, { matches }: Kind): boolean =>
  encryptedDataKeys.some(({ providerId, keyInfo }) => {
    const arn = providerId === AWS_KMS ? keyArnOf(keyInfo) : null
    return arn !== null && matches(keyArn, arn.arn)
  })

function whyNot(keyId: string, keyArn: string | null, { arn }: KmsArn): string {
  if (keyArn === null)
    return `${keyId} is no key ARN, and messages name key ARNs: configure the ARN, or set resolveKeyIds`
  if (isMultiRegion(arn) && sameMultiRegionKey(keyArn, arn)) {
    return 'a replica of this key in another Region: awsKmsMrk opens it'
  }
  return 'other key'
}
