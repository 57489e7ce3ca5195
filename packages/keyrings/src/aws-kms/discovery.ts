import type { Keyring } from '@bongtu/client'
import { BongtuError } from '@bongtu/message-format'
import { type OptionNames, refuseUnknownOptions } from '../exact-options.ts'
import { multi } from '../multi/index.ts'
import { inRegion, isRegion, type KmsArn } from './arn.ts'
import { type Choice, unwrapWithKms } from './candidates.ts'
import { clientLookup, type KmsClients } from './clients.ts'
import { regionOf } from './region-of.ts'

/** Whose keys a discovery keyring may ask for. */
export interface DiscoveryFilter {
  /** `aws`, `aws-cn`, `aws-us-gov` … */
  readonly partition: string
  /** Account ids, one at least. */
  readonly accountIds: readonly string[]
}

export interface AwsKmsDiscoveryOptions {
  /** `'any-account'` switches the filter off: then whoever can write a message chooses the key that opens it. */
  readonly filter: DiscoveryFilter | 'any-account'
  /**
   * Where calls may go. A key of any other Region is passed over without a call. Default: the Region of
   * `kms`, and without one the caller's own, as `AWS_REGION` or the shared profile has it.
   */
  readonly regions?: readonly string[]
  /** At most 10, sent with every call. */
  readonly grantTokens?: readonly string[]
  /** One client, or a function from Region to client. Default: this package's own, with the usual AWS settings. */
  readonly kms?: KmsClients
}

const OPTIONS: OptionNames<AwsKmsDiscoveryOptions> = { filter: true, regions: true, grantTokens: true, kms: true }

/** Which key ARN to ask for in one Region, or `null` where that Region has nothing to say about the key. */
type Route = (arn: KmsArn, region: string) => string | null

const sameRegion: Route = ({ arn, region: own }, region) => (own === region ? arn : null)

/** aws-kms-mrk-discovery-keyring.md: a multi-Region key is asked for in our Region, wherever its replica wrapped. */
const replicaInRegion: Route = (arn, region) =>
  arn.resource.startsWith('mrk-') ? inRegion(arn, region) : sameRegion(arn, region)

/**
 * Opens what any AWS KMS key wrapped that the filter admits; never wraps (aws-kms-discovery-keyring.md).
 *
 * @throws TypeError or RangeError for wrong options.
 */
export const awsKmsDiscovery = (options: AwsKmsDiscoveryOptions): Keyring =>
  discoveryKeyring('awsKmsDiscovery', 'aws-kms-discovery', options, sameRegion)

/** As `awsKmsDiscovery`, and asks for multi-Region keys in the configured Regions wherever they were used to wrap. */
export const awsKmsMrkDiscovery = (options: AwsKmsDiscoveryOptions): Keyring =>
  discoveryKeyring('awsKmsMrkDiscovery', 'aws-kms-mrk-discovery', options, replicaInRegion)

function discoveryKeyring(what: string, scheme: string, options: AwsKmsDiscoveryOptions, route: Route): Keyring {
  refuseUnknownOptions(what, options, OPTIONS)
  const filter = checkFilter(what, options.filter)
  const regions = checkRegions(what, options)
  const { grantTokens = [], kms } = options
  const clientFor = clientLookup(kms)
  const leaf = (region: string | undefined): Keyring =>
    keyringOfOneRegion(scheme, region, { filter, grantTokens, clientFor, route })
  const [first, ...rest] = regions.map(leaf)
  return first === undefined || rest.length > 0 ? multi({ children: regions.map(leaf) }) : first
}

interface OneRegion {
  readonly filter: DiscoveryFilter | null
  readonly grantTokens: readonly string[]
  readonly clientFor: ReturnType<typeof clientLookup>
  readonly route: Route
}

function keyringOfOneRegion(scheme: string, configured: string | undefined, options: OneRegion): Keyring {
  const { filter, grantTokens, clientFor, route } = options
  const name = configured === undefined ? scheme : `${scheme}:?region=${configured}`
  const choose = async (arn: KmsArn): Promise<Choice> => {
    if (filter !== null && arn.partition !== filter.partition) return `partition ${arn.partition} is filtered out`
    if (filter !== null && !filter.accountIds.includes(arn.account)) return `account ${arn.account} is filtered out`
    const kms = clientFor(configured)
    if (kms === null) return `Region ${configured} has no client`
    const region = configured ?? (await regionOf(kms))
    const keyArn = route(arn, region)
    return keyArn === null ? `Region ${arn.region} is not ${region}` : { access: { kms, grantTokens }, keyArn }
  }
  return Object.freeze<Keyring>({
    name,
    async wrapDataKey() {
      throw new BongtuError('ERR_KEYRING', `${name} only decrypts: name a key with awsKms to encrypt`)
    },
    unwrapDataKey: (request) => unwrapWithKms(request, choose),
  })
}

function checkFilter(what: string, filter: DiscoveryFilter | 'any-account'): DiscoveryFilter | null {
  if (filter === 'any-account') return null
  if (typeof filter !== 'object' || filter === null) {
    throw new TypeError(
      `${what}: filter names partition and accountIds, or is 'any-account' to open keys of every account`,
    )
  }
  refuseUnknownOptions(`${what}: filter`, filter, { partition: true, accountIds: true })
  const { partition, accountIds } = filter
  if (typeof partition !== 'string' || partition === '')
    throw new TypeError(`${what}: filter.partition is a partition such as aws`)
  if (!isList(accountIds)) throw new TypeError(`${what}: filter.accountIds is a list of one account id or more`)
  return { partition, accountIds: [...accountIds] }
}

/** `undefined` stands for the Region of the client. */
function checkRegions(what: string, { regions, kms }: AwsKmsDiscoveryOptions): readonly (string | undefined)[] {
  if (regions === undefined) return [undefined]
  if (!isList(regions) || !regions.every(isRegion))
    throw new TypeError(`${what}: regions is a list of one Region or more`)
  if (regions.length > 1 && kms !== undefined && typeof kms !== 'function') {
    throw new TypeError(
      `${what}: several regions need a function from Region to client, since one client calls one Region`,
    )
  }
  return [...regions]
}

const isList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string' && each !== '')
