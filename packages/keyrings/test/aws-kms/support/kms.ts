import type { EmbeddedKms } from '@bongtu/keyrings/aws-kms'
import { type CallRecord, type LocalKms, localKms, type Seed, type SeedKey } from '@bongtu/kms'
import { onTestFinished } from 'vitest'

export const ACCOUNT = '111122223333'
export const OTHER_ACCOUNT = '444455556666'
export const HOME = 'us-east-1'
export const ABROAD = 'eu-west-1'
export const FAR = 'ap-southeast-2'

/** Twelve key ids, told apart by their last digits. */
const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
const MRK = `mrk-${'0'.repeat(31)}1`
const OTHER_MRK = `mrk-${'0'.repeat(31)}2`

export const arnOf = (keyId: string, region = HOME, account = ACCOUNT): string =>
  `arn:aws:kms:${region}:${account}:key/${keyId}`

/** ARNs of the keys that every test KMS holds. */
export const keys = {
  first: arnOf(uuid(1)),
  second: arnOf(uuid(2)),
  third: arnOf(uuid(3)),
  abroad: arnOf(uuid(21), ABROAD),
  /** Of another account. */
  foreign: arnOf(uuid(31), HOME, OTHER_ACCOUNT),
  /** One multi-Region key in three Regions, and another in two. */
  mrk: { home: arnOf(MRK), abroad: arnOf(MRK, ABROAD), far: arnOf(MRK, FAR) },
  otherMrk: { home: arnOf(OTHER_MRK), abroad: arnOf(OTHER_MRK, ABROAD) },
  /** Twelve ordinary keys. */
  twelve: Array.from({ length: 12 }, (_, at) => arnOf(uuid(at + 1))),
  alias: 'alias/first',
} as const

export const bareId = (arn: string): string => arn.slice(arn.indexOf('/') + 1)

const seededKeys: readonly SeedKey[] = [
  { id: uuid(1), aliases: [keys.alias] },
  ...Array.from({ length: 11 }, (_, at) => ({ id: uuid(at + 2) })),
  { id: uuid(21), region: ABROAD },
  { id: uuid(31), account: OTHER_ACCOUNT },
  { id: MRK, regions: [HOME, ABROAD, FAR] },
  { id: OTHER_MRK, regions: [HOME, ABROAD] },
]

export interface TestKms {
  readonly kms: LocalKms
  /** What was asked since the last look, as `Operation key` with the Region where it is not the home one. */
  calls(): string[]
}

/** The same KMS, called by another account. */
export const asAccount = ({ entry, clientConfig }: LocalKms, account: string): EmbeddedKms => ({
  entry,
  clientConfig: (identity = {}) => clientConfig({ ...identity, account }),
})

/** A KMS in memory with the keys above, gone when the test is over. */
export async function testKms(seed: Partial<Seed> = {}): Promise<TestKms> {
  let records: CallRecord[] = []
  const kms = await localKms({ memory: true, onCall: (record) => records.push(record) }, { keys: seededKeys, ...seed })
  onTestFinished(() => kms.close())
  return {
    kms,
    calls() {
      const seen = records.map(({ operation, keyId, caller }) => {
        const place = caller === undefined || caller.region === HOME ? '' : ` in ${caller.region}`
        return `${operation} ${keyId}${place}`
      })
      records = []
      return seen
    },
  }
}
