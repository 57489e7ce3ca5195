import { refused } from '../failure.ts'
import { aes, type KeyKind, type KmsKind, type KmsMasterKey } from './plan.ts'
import type { SeededKms } from './seeded-kms.ts'

/** What the keys of a seed can show. Throws a failure where it holds none. */
export function kmsKinds({ keys }: SeededKms): Readonly<Record<string, readonly KeyKind[]>> {
  const [home] = keys.find((regions) => regions.length === 1) ?? []
  const [primary, replica] = keys.find((regions) => regions.length > 1) ?? []
  if (home === undefined && primary === undefined) throw refused('the seed holds no key')
  return {
    ...(home === undefined
      ? {}
      : {
          'aws-kms': [kms(home, { type: 'aws-kms', arn: home })],
          'aws-kms-beside-aes': [aes(256), kms(home, { type: 'aws-kms', arn: home })],
        }),
    ...(primary === undefined || replica === undefined
      ? {}
      : {
          'aws-kms-mrk': [kms(primary, { type: 'aws-kms-mrk-aware', arn: replica })],
          'aws-kms-mrk-discovery': [kms(primary, discoveryOf(replica))],
        }),
  }
}

const kms = (wraps: string, opens: KmsMasterKey): KmsKind => ({ type: 'kms', wraps, opens })

function discoveryOf(arn: string): KmsMasterKey {
  const [, partition = '', , region = '', account = ''] = arn.split(':')
  return { type: 'aws-kms-mrk-aware-discovery', region, account, partition }
}
