import { KMS } from '@aws-sdk/client-kms'
import { type LocalKms, localKms } from '@bongtu/kms'
import { awsKms, type Keyring } from 'bongtu'
import { onTestFinished } from 'vitest'

const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

/** ARNs of the two keys of every KMS below. */
export const [FIRST, SECOND] = [1, 2].map((number) => `arn:aws:kms:us-east-1:111122223333:key/${uuid(number)}`) as [
  string,
  string,
]

export interface CountedKms {
  readonly kms: LocalKms
  /** The client of AWS's own SDK, without a socket. Nothing is tried twice. */
  readonly client: KMS
  readonly keyring: Keyring
  keyringOf(keyId: string): Keyring
  /** How many calls of an operation it answered so far, well or badly. */
  calls(operation: 'GenerateDataKey' | 'Decrypt'): number
}

/** The reference KMS in memory, gone when the test is over. */
export async function countedKms(): Promise<CountedKms> {
  const counts = new Map<string | undefined, number>()
  const kms = await localKms(
    { memory: true, onCall: ({ operation }) => counts.set(operation, (counts.get(operation) ?? 0) + 1) },
    { keys: [{ id: uuid(1) }, { id: uuid(2) }] },
  )
  onTestFinished(() => kms.close())
  const client = new KMS({ ...kms.clientConfig(), maxAttempts: 1 })
  const keyringOf = (keyId: string): Keyring => awsKms({ keyId, kms: client })
  return { kms, client, keyring: keyringOf(FIRST), keyringOf, calls: (operation) => counts.get(operation) ?? 0 }
}

/** Runs `work` `times` times, `callers` of them at any moment. */
export async function byCallers<T>(callers: number, times: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = new Array(times)
  const indices = Array.from({ length: times }, (_, index) => index).values()
  const caller = async (): Promise<void> => {
    for (const index of indices) results[index] = await work(index)
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return results
}
