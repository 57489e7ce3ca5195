import type { Keyring } from '@bongtu/client'
import { BongtuError } from '@bongtu/message-format'
import { type OptionNames, refuseUnknownOptions } from '../exact-options.ts'
import { multi } from '../multi/index.ts'
import { type KmsArn, parseKmsArn, sameMultiRegionKey } from './arn.ts'
import { type Choice, unwrapWithKms } from './candidates.ts'
import { clientLookup, type KmsClients } from './clients.ts'
import { wrapFailed } from './failure.ts'
import { checkKeyIds, requireDistinctMultiRegionKeys } from './key-ids.ts'
import { type KmsAccess, wrapUnderKmsKey } from './single-key.ts'

export interface AwsKmsOptions {
  /** The key that generates data keys: a key ARN, an alias ARN, `alias/…`, or a key id. Decryption needs a key ARN. */
  readonly keyId: string
  /** Keys that wrap the data key as well; any one of them opens the message. */
  readonly furtherKeyIds?: readonly string[]
  /** At most 10, sent with every call. */
  readonly grantTokens?: readonly string[]
  /** One client, or a function from Region to client. Default: this package's own, with the usual AWS settings. */
  readonly kms?: KmsClients
  /**
   * Where a configured key is no key ARN: ask DescribeKey for it once, on the first decryption, so that aliases and bare
   * ids decrypt too. Off by default: an alias can be moved to another key.
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

/** How a configured key answers for a key ARN in a header: with the ARN to ask for, or not at all. */
type Match = (configured: string, arn: KmsArn) => string | null

const exactly: Match = (configured, { arn }) => (configured === arn ? arn : null)
const replicaOf: Match = (configured, { arn }) => (sameMultiRegionKey(configured, arn) ? configured : null)

/**
 * Wraps data keys under AWS KMS keys, and opens what these very keys wrapped (aws-kms-keyring.md). No other key is asked,
 * whatever a message names.
 *
 * @throws TypeError or RangeError for wrong options.
 */
export function awsKms(options: AwsKmsOptions): Keyring {
  return strictKeyring('aws-kms', options, exactly)
}

/**
 * As `awsKms`, and a multi-Region key also opens what its replicas in other Regions wrapped (aws-kms-mrk-keyring.md).
 *
 * @throws as `awsKms`; a RangeError where two of the keys are replicas of one key.
 */
export function awsKmsMrk(options: AwsKmsOptions): Keyring {
  return strictKeyring('aws-kms-mrk', options, replicaOf)
}

function strictKeyring(scheme: 'aws-kms' | 'aws-kms-mrk', options: AwsKmsOptions, match: Match): Keyring {
  const what = scheme === 'aws-kms' ? 'awsKms' : 'awsKmsMrk'
  refuseUnknownOptions(what, options, OPTIONS)
  const { keyId, furtherKeyIds = [], grantTokens = [], kms, resolveKeyIds = false } = options
  if (typeof resolveKeyIds !== 'boolean') throw new TypeError(`${what}: resolveKeyIds is true or false`)
  const keyIds = checkKeyIds(what, [keyId, ...furtherKeyIds])
  if (scheme === 'aws-kms-mrk') requireDistinctMultiRegionKeys(keyIds)
  const clientFor = clientLookup(kms)
  const [generator, ...children] = keyIds.map((each) =>
    keyringOfOneKey(`${scheme}:${each}`, each, { clientFor, grantTokens, resolveKeyIds, match }),
  )
  return generator === undefined || children.length > 0
    ? multi({ ...(generator && { generator }), children })
    : generator
}

interface OneKey {
  readonly clientFor: ReturnType<typeof clientLookup>
  readonly grantTokens: readonly string[]
  readonly resolveKeyIds: boolean
  readonly match: Match
}

function keyringOfOneKey(
  name: string,
  keyId: string,
  { clientFor, grantTokens, resolveKeyIds, match }: OneKey,
): Keyring {
  const region = parseKmsArn(keyId)?.region
  const access = (): KmsAccess => {
    const kms = clientFor(region)
    if (kms === null) throw new BongtuError('ERR_KEYRING', `${name}: no client for Region ${region}`)
    return { kms, grantTokens }
  }
  const isKeyArn = parseKmsArn(keyId)?.resourceType === 'key'
  let resolving: Promise<string> | undefined
  const configuredArn = async (): Promise<string | null> => {
    if (isKeyArn) return keyId
    if (!resolveKeyIds) return null
    resolving ??= describe(access(), keyId).catch((cause: unknown) => {
      resolving = undefined
      throw cause
    })
    return resolving
  }
  return Object.freeze<Keyring>({
    name,
    async wrapDataKey(request) {
      try {
        return await wrapUnderKmsKey(access(), keyId, request)
      } catch (cause) {
        throw wrapFailed(name, cause, request.signal)
      }
    },
    unwrapDataKey: (request) =>
      unwrapWithKms(request, async (arn): Promise<Choice> => {
        const configured = await configuredArn()
        if (configured === null) {
          return `${keyId} is no key ARN, and messages name key ARNs: configure the ARN, or set resolveKeyIds`
        }
        const keyArn = match(configured, arn)
        return keyArn === null ? 'other key' : { access: access(), keyArn }
      }),
  })
}

async function describe({ kms, grantTokens }: KmsAccess, keyId: string): Promise<string> {
  if (kms.describeKey === undefined)
    throw new BongtuError('ERR_KEYRING', 'resolveKeyIds needs a client with describeKey')
  const request = grantTokens.length > 0 ? { KeyId: keyId, GrantTokens: [...grantTokens] } : { KeyId: keyId }
  const arn = (await kms.describeKey(request)).KeyMetadata?.Arn
  if (arn !== undefined && parseKmsArn(arn)?.resourceType === 'key') return arn
  throw new BongtuError('ERR_KEYRING', `DescribeKey of ${keyId} did not answer the ARN of a key`)
}
