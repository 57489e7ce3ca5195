import type { Keyring } from '@bongtu/client'
import { type OptionNames, readOptions } from '@bongtu/crypto/options'
import { BongtuError } from '@bongtu/message-format'
import { multi } from '../multi/index.ts'
import { inRegion, isMultiRegion, type KmsArn } from './arn.ts'
import { type Choice, unwrapWithKms } from './candidates.ts'
import { type KmsClients, type KmsLookup, lookupOf, regionTold } from './clients.ts'
import { checkFilter, checkRegions, type DiscoveryFilter } from './discovery-options.ts'
import { shown } from './failure.ts'
import { checkGrantTokens } from './grant-tokens.ts'
import type { Kms } from './port.ts'

export interface AwsKmsDiscoveryOptions {
  /** `'any-account'` switches the filter off: then whoever can write a message chooses the key that opens it. */
  readonly filter: DiscoveryFilter | 'any-account'
  /**
   * Where calls may go, in this order. A key of any other Region is passed over without a call. Default: the Region of
   * the one client in `kms`, else the caller's own, as `AWS_REGION` or the shared profile has it.
   */
  readonly regions?: readonly string[]
  /** At most 10, sent with every call. */
  readonly grantTokens?: readonly string[]
  /** One client, or a function from Region to client. Default: this package's own, with the usual AWS settings. */
  readonly kms?: KmsClients
}

const OPTIONS: OptionNames<AwsKmsDiscoveryOptions> = { filter: true, regions: true, grantTokens: true, kms: true }

/** What tells the two kinds of keyring apart. */
interface Kind {
  readonly what: string
  readonly scheme: string
  /** Which key ARN to ask for in one Region, or `null` where that Region has nothing to say about the key. */
  readonly route: (arn: KmsArn, region: string) => string | null
}

const SINGLE_REGION: Kind = {
  what: 'awsKmsDiscovery',
  scheme: 'aws-kms-discovery',
  route: (arn, region) => (arn.region === region ? arn.arn : null),
}

const MULTI_REGION: Kind = {
  what: 'awsKmsMrkDiscovery',
  scheme: 'aws-kms-mrk-discovery',
  route: (arn, region) => (isMultiRegion(arn.arn) ? inRegion(arn, region) : SINGLE_REGION.route(arn, region)),
}

/**
 * Opens what any AWS KMS key wrapped that the filter admits; never wraps (aws-kms-discovery-keyring.md). The Region that
 * a message names is compared with the configured ones, and never called for that reason.
 *
 * @throws TypeError or RangeError for wrong options.
 */
export const awsKmsDiscovery = (options: AwsKmsDiscoveryOptions): Keyring => discoveryKeyring(SINGLE_REGION, options)

/**
 * As `awsKmsDiscovery`, and asks for multi-Region keys in the configured Regions, in whichever Region they were used to
 * wrap (aws-kms-mrk-discovery-keyring.md).
 *
 * @throws as `awsKmsDiscovery`.
 */
export const awsKmsMrkDiscovery = (options: AwsKmsDiscoveryOptions): Keyring => discoveryKeyring(MULTI_REGION, options)

function discoveryKeyring(kind: Kind, given: AwsKmsDiscoveryOptions): Keyring {
  const { what, scheme } = kind
  const options = readOptions(what, given, OPTIONS)
  const filter = checkFilter(what, options.filter)
  const lookup = lookupOf(options.kms)
  const regions = checkRegions(what, options.regions, lookup)
  const grantTokens = checkGrantTokens(what, options.grantTokens)
  const leaves = regions.map((region) => keyringOfOneRegion(kind, region, { filter, grantTokens, lookup }))
  const [only, ...others] = leaves
  return others.length === 0 && only !== undefined
    ? only
    : Object.freeze<Keyring>({ ...multi({ children: leaves }), wrapDataKey: decryptsOnly(scheme) })
}

interface Settings {
  readonly filter: DiscoveryFilter | null
  readonly grantTokens: readonly string[]
  readonly lookup: KmsLookup
}

function keyringOfOneRegion(kind: Kind, configured: string | undefined, settings: Settings): Keyring {
  const { filter, grantTokens, lookup } = settings
  const name = configured === undefined ? kind.scheme : `${kind.scheme}:?region=${configured}`
  return Object.freeze<Keyring>({
    name,
    wrapDataKey: decryptsOnly(name),
    unwrapDataKey(request) {
      let place: Promise<Place> | undefined
      return unwrapWithKms(request, async (arn): Promise<Choice> => {
        const filtered = filter === null ? null : filteredOut(filter, arn)
        if (filtered !== null) return filtered
        place ??= placeOf(configured, lookup)
        const { region, kms } = await place
        const keyArn = kind.route(arn, region)
        if (keyArn === null) return `its Region ${shown(arn.region)} is not ${region}`
        return kms === null
          ? `the client supplier has no client for ${region}`
          : { access: { kms, grantTokens }, keyArn }
      })
    },
  })
}

interface Place {
  readonly region: string
  readonly kms: Kms | null
}

/** aws-kms-mrk-discovery-keyring.md: fails where the client is one of another Region, wherever it tells. */
async function placeOf(configured: string | undefined, { clientFor, ownRegion }: KmsLookup): Promise<Place> {
  const region = configured ?? (await ownRegion())
  const kms = clientFor(region)
  const called = (kms === null ? undefined : await regionTold(kms)) ?? region
  if (called !== region) throw new Error(`the client calls ${called}, and ${region} is configured`)
  return { region, kms }
}

function filteredOut({ partition, accountIds }: DiscoveryFilter, arn: KmsArn): string | null {
  if (arn.partition !== partition) return `its partition ${shown(arn.partition)} is filtered out`
  return accountIds.includes(arn.account) ? null : `its account ${shown(arn.account)} is filtered out`
}

const decryptsOnly =
  (name: string): Keyring['wrapDataKey'] =>
  async ({ signal }) => {
    signal?.throwIfAborted()
    throw new BongtuError('ERR_KEYRING', `${name} only decrypts: name a key with awsKms to encrypt`)
  }
