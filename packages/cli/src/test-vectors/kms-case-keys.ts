import type { Keyring } from '@bongtu/client'
import { type AwsKmsDiscoveryOptions, type AwsKmsOptions, awsKmsMrkDiscovery } from '@bongtu/keyrings/aws-kms'
import { refused } from '../failure.ts'
import type { CaseKeys } from './case.ts'
import { array, type JsonObject, object, text } from './json.ts'
import type { VectorKeys } from './keys.ts'

const NEEDS_KMS = 'needs AWS KMS'
const missing = (reason: string): CaseKeys => ({ keyrings: [], missing: [reason] })

/** `aws-kms` and `aws-kms-mrk-aware`: the key that the keys manifest names, in the KMS that stands for AWS. */
export const kmsKeyring =
  (make: (options: AwsKmsOptions) => Keyring) =>
  (description: JsonObject, { table, kms }: VectorKeys): CaseKeys => {
    if (kms === null) return missing(NEEDS_KMS)
    const key = text(description.key, 'key')
    const entry = table.get(key)
    if (typeof entry !== 'object' || !('arn' in entry)) throw refused(`the keys manifest gives no ARN of ${key}`)
    const { arn } = entry
    return kms.has(arn)
      ? { keyrings: [make({ keyId: arn, kms: kms.as(arn) })], missing: [] }
      : missing(`the seed lacks ${arn}`)
  }

/** `aws-kms-mrk-aware-discovery` */
export function kmsDiscoveryKeyring(description: JsonObject, { kms }: VectorKeys): CaseKeys {
  if (kms === null) return missing(NEEDS_KMS)
  const region = text(description['default-mrk-region'], 'default-mrk-region')
  const filter = filterOf(description['aws-kms-discovery-filter'])
  const account = filter === 'any-account' ? undefined : filter.accountIds[0]
  return { keyrings: [awsKmsMrkDiscovery({ filter, regions: [region], kms: kms.as(account) })], missing: [] }
}

function filterOf(value: unknown): AwsKmsDiscoveryOptions['filter'] {
  if (value === undefined) return 'any-account'
  const filter = object(value, 'aws-kms-discovery-filter')
  const accounts = array(filter['account-ids'], 'account-ids')
  return {
    partition: text(filter.partition, 'partition'),
    accountIds: accounts.map((account) => text(account, 'account-ids')),
  }
}
