import { KMSClient } from '@aws-sdk/client-kms'
import { onTestFinished } from 'vitest'
import type { ClientIdentity, LocalKms } from '../../src/local-kms.ts'
import type { Seed } from '../../src/seed/seed.ts'
import { testKms } from '../../src/testing.ts'

export interface TestBed {
  readonly kms: LocalKms
  readonly client: KMSClient
  /** Another client of the same KMS. */
  as(identity: ClientIdentity): KMSClient
}

/** A KMS in memory and a real client of it, both gone when the test is over. Nothing is tried twice. */
export async function testBed(seed: Seed = {}): Promise<TestBed> {
  const kms = await testKms(seed)
  onTestFinished(() => kms.close())
  const as = (identity: ClientIdentity) => new KMSClient({ ...kms.clientConfig(identity), maxAttempts: 1 })
  return { kms, client: as({}), as }
}

/** What a call failed with, as the SDK shows it. */
export async function failureOf(call: Promise<unknown>): Promise<{ name: string; message: string; status: number }> {
  const answer = await call.then(
    () => undefined,
    (error: unknown) => error as { name: string; message: string; $metadata: { httpStatusCode: number } },
  )
  if (answer === undefined) return { name: 'success', message: '', status: 200 }
  return { name: answer.name, message: answer.message, status: answer.$metadata.httpStatusCode }
}
