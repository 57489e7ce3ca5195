import type { Kms } from '../kms.ts'
import { awsManagedPolicy } from '../policy/aws-managed-policy.ts'
import type { Place } from './arn.ts'
import { type AwsServiceId, awsServiceOf, awsServices } from './aws-services.ts'
import { keyOfAlias } from './key-of-alias.ts'
import { newKeyId, plainKey, rotatingFrom } from './new-key.ts'

const PREFIX = 'alias/aws/'
const ROTATION_DAYS = 365

/** The aliases that every account has without making them. */
export const awsManagedAliases: readonly string[] = Object.keys(awsServices).map((service) => `${PREFIX}${service}`)

export function isAwsManagedAlias(name: string): boolean {
  return awsManagedAliases.includes(name)
}

/** The id of the key behind an `alias/aws/…`. The key appears on first use, and rotates every year from then on. */
export function awsManagedKey(kms: Kms, place: Place, aliasName: string): Promise<string> {
  const service = aliasName.slice(PREFIX.length) as AwsServiceId
  return keyOfAlias(kms, place, aliasName, (now) => ({
    ...plainKey(place, newKeyId(false), now, awsManagedPolicy(place, service)),
    description: `Default key that protects my ${awsServiceOf(service).data} when no other key is defined`,
    manager: 'AWS',
    rotation: rotatingFrom(now, ROTATION_DAYS),
  }))
}
