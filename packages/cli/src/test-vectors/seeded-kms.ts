import type { EmbeddedKms } from '@bongtu/keyrings/aws-kms'
import { DEFAULT_ACCOUNT, DEFAULT_REGION, type LocalKms, localKms, type Seed } from '@bongtu/kms'

/** Keys of AWS KMS with known material, in a KMS in this process. */
export interface SeededKms {
  /** The ARNs of each key that is enabled, one for each of its Regions. */
  readonly keys: readonly (readonly string[])[]
  has(arn: string): boolean
  /** The KMS, called by the account that an ARN, or the account id itself, names. */
  as(arnOrAccount: string | undefined): EmbeddedKms
  close(): Promise<void>
}

/**
 * Opens a KMS in memory with the keys of a seed, and checks no signatures. Throws a TypeError where the material of a key
 * is not in the seed: what is encrypted under it could never be decrypted again.
 */
export async function seededKms(seed: Seed): Promise<SeededKms> {
  requireMaterial(seed)
  const kms = await localKms({ memory: true, auth: 'off' }, seed)
  const enabled = (seed.keys ?? []).filter((key) => key.enabled !== false)
  const keys = enabled.map(({ id, account = seed.account ?? DEFAULT_ACCOUNT, region, regions }) =>
    (regions ?? [region ?? seed.region ?? DEFAULT_REGION]).map((each) => arnOf(id, account, each)),
  )
  const known = new Set(keys.flat())
  return {
    keys,
    has: (arn) => known.has(arn),
    as: (arnOrAccount) => calledBy(kms, /\d{12}/.exec(arnOrAccount ?? '')?.[0]),
    close: kms.close,
  }
}

function requireMaterial({ keys = [] }: Seed): void {
  const without = keys.find(({ material, rotations = [] }) =>
    [{ material }, ...rotations].some((each) => each.material === undefined),
  )
  if (without !== undefined)
    throw new TypeError(`the seed gives no material of key ${without.id}, or of a rotation of it`)
}

const calledBy = ({ entry, clientConfig }: LocalKms, account: string | undefined): EmbeddedKms => ({
  entry,
  clientConfig: (identity = {}) => clientConfig({ ...identity, ...(account === undefined ? {} : { account }) }),
})

const PARTITIONS: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
]

function arnOf(id: string, account: string, region: string): string {
  const [, partition = 'aws'] = PARTITIONS.find(([prefix]) => region.startsWith(prefix)) ?? []
  return `arn:${partition}:kms:${region}:${account}:key/${id}`
}
