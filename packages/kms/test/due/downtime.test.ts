import * as sdk from '@aws-sdk/client-kms'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type LocalKms, localKms } from '../../src/local-kms.ts'
import { wrapMaterial } from '../hsm/wrap.ts'
import { temporaryFolder } from '../store/folder.ts'
import { failureOf } from '../support/client.ts'
import { bytes, createKey } from '../support/keys.ts'

const DAY = 86_400_000
const START = Date.parse('2026-01-01T00:00:00Z')

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START })
})
afterEach(() => {
  vi.useRealTimers()
})

async function using<R>(directory: string, work: (client: sdk.KMSClient, kms: LocalKms) => Promise<R>): Promise<R> {
  const kms = await localKms({ directory })
  try {
    return await work(new sdk.KMSClient({ ...kms.clientConfig(), maxAttempts: 1 }), kms)
  } finally {
    await kms.close()
  }
}

const seal = async (client: sdk.KMSClient, KeyId: string) =>
  (await client.send(new sdk.EncryptCommand({ KeyId, Plaintext: bytes('kept') }))).CiphertextBlob

/** A key whose imported material is good for ten days. */
async function expiring(client: sdk.KMSClient): Promise<string> {
  const { id: KeyId } = await createKey(client, { Origin: 'EXTERNAL' })
  const WrappingAlgorithm = 'RSAES_OAEP_SHA_256'
  const request = { KeyId, WrappingAlgorithm, WrappingKeySpec: 'RSA_2048' } as const
  const { ImportToken, PublicKey = bytes('') } = await client.send(new sdk.GetParametersForImportCommand(request))
  const EncryptedKeyMaterial = wrapMaterial(WrappingAlgorithm, PublicKey, new Uint8Array(32).fill(7))
  const ValidTo = new Date(START + 10 * DAY)
  await client.send(new sdk.ImportKeyMaterialCommand({ KeyId, ImportToken, EncryptedKeyMaterial, ValidTo }))
  return KeyId
}

it('what fell due while nothing ran is done before a key is used: deletion, expiry, rotation; the domain key follows', async () => {
  const directory = temporaryFolder()
  const before = await using(directory, async (client) => {
    const doomed = (await createKey(client)).id
    const rotating = (await createKey(client)).id
    const external = await expiring(client)
    const sealed = {
      doomed: await seal(client, doomed),
      rotating: await seal(client, rotating),
      external: await seal(client, external),
    }
    await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId: doomed, PendingWindowInDays: 7 }))
    await client.send(new sdk.EnableKeyRotationCommand({ KeyId: rotating, RotationPeriodInDays: 90 }))
    return { doomed, rotating, external, sealed }
  })
  const { doomed, rotating, external, sealed } = before
  vi.setSystemTime(START + 400 * DAY)

  await using(directory, async (client, kms) => {
    const ask = (command: sdk.DecryptCommand | sdk.DescribeKeyCommand) =>
      failureOf(client.send(command as sdk.DecryptCommand))
    expect((await ask(new sdk.DecryptCommand({ CiphertextBlob: sealed.doomed }))).name).toBe('AccessDeniedException')
    expect((await ask(new sdk.DescribeKeyCommand({ KeyId: doomed }))).name).toBe('NotFoundException')
    const expired = await ask(new sdk.DecryptCommand({ CiphertextBlob: sealed.external }))
    expect(expired).toMatchObject({ name: 'KMSInvalidStateException', message: expect.stringContaining(external) })

    const { KeyMaterialId, Plaintext } = await client.send(new sdk.DecryptCommand({ CiphertextBlob: sealed.rotating }))
    expect(Plaintext).toEqual(new Uint8Array(bytes('kept')))
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: rotating }))
    expect(KeyMetadata?.CurrentKeyMaterialId).not.toBe(KeyMaterialId)
    const { Rotations } = await client.send(new sdk.ListKeyRotationsCommand({ KeyId: rotating }))
    expect(Rotations).toEqual([expect.objectContaining({ RotationType: 'AUTOMATIC' })])
    const { NextRotationDate } = await client.send(new sdk.GetKeyRotationStatusCommand({ KeyId: rotating }))
    expect(Number(NextRotationDate)).toBe(START + 450 * DAY)

    await vi.waitUntil(async () => (await kms.status()).domain.version === 2)
    expect((await client.send(new sdk.DecryptCommand({ CiphertextBlob: sealed.rotating }))).Plaintext).toBeDefined()
  })
})
