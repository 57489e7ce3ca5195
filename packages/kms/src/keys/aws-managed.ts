import type { Kms } from '../kms.ts'
import { awsManagedPolicy } from '../policy/aws-managed-policy.ts'
import type { Place } from './arn.ts'
import { keyOfAlias } from './key-of-alias.ts'
import { newKeyId, plainKey, rotatingFrom } from './new-key.ts'

/** Service, and what it keeps: the aliases that every account has without making them. */
const SERVICES = {
  dynamodb: 'DynamoDB data',
  ebs: 'EBS volumes',
  rds: 'RDS database volumes',
  s3: 'S3 objects',
  secretsmanager: 'Secrets Manager data',
  ssm: 'SSM parameters',
} as const

type Service = keyof typeof SERVICES

const PREFIX = 'alias/aws/'
const ROTATION_DAYS = 365

export const awsManagedAliases: readonly string[] = Object.keys(SERVICES).map((service) => `${PREFIX}${service}`)

export function isAwsManagedAlias(name: string): boolean {
  return awsManagedAliases.includes(name)
}

/** The id of the key behind an `alias/aws/…`. The key appears on first use, and rotates every year from then on. */
export function awsManagedKey(kms: Kms, place: Place, aliasName: string): Promise<string> {
  const service = aliasName.slice(PREFIX.length) as Service
  return keyOfAlias(kms, place, aliasName, (now) => ({
    ...plainKey(place, newKeyId(false), now, awsManagedPolicy(place, service)),
    description: `Default key that protects my ${SERVICES[service]} when no other key is defined`,
    manager: 'AWS',
    rotation: rotatingFrom(now, ROTATION_DAYS),
  }))
}
