import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as sdk from '@aws-sdk/client-kms'
import { expect, it, onTestFinished } from 'vitest'
import { type LocalKms, localKms } from '../../src/index.ts'
import type { Material } from '../../src/store/material.ts'
import type { SnapshotRow } from '../../src/store/store.ts'
import { wrapMaterial } from '../hsm/wrap.ts'
import { temporaryFolder } from '../store/folder.ts'
import { createKey } from '../support/keys.ts'

async function folder() {
  const directory = temporaryFolder()
  const kms = await localKms({ directory })
  onTestFinished(() => kms.close())
  /** Whether a token, or a ring, is in any byte of any file. */
  const isStored = (text: string) =>
    readdirSync(directory).some((name) => readFileSync(join(directory, name)).includes(text))
  return { kms, client: new sdk.KMSClient(kms.clientConfig()), isStored }
}

async function records<T>(kms: LocalKms, kind: string): Promise<T[]> {
  const { rows } = JSON.parse(Buffer.from(await kms.backup()).toString()) as { rows: SnapshotRow[] }
  return rows.filter((row) => row.kind === kind).map((row) => JSON.parse(row.body) as T)
}

async function tokenOf(kms: LocalKms, keyId: string): Promise<string> {
  const found = (await records<Material>(kms, 'material')).find((one) => one.keyId === keyId)
  if (found?.token == null) throw new Error('the key has no token')
  return found.token
}

async function importInto(client: sdk.KMSClient, KeyId: string, ValidTo: Date): Promise<void> {
  const WrappingAlgorithm = 'RSAES_OAEP_SHA_256'
  const request = { KeyId, WrappingAlgorithm, WrappingKeySpec: 'RSA_2048' } as const
  const { ImportToken, PublicKey } = await client.send(new sdk.GetParametersForImportCommand(request))
  const EncryptedKeyMaterial = wrapMaterial(
    WrappingAlgorithm,
    PublicKey ?? new Uint8Array(),
    new Uint8Array(32).fill(5),
  )
  await client.send(new sdk.ImportKeyMaterialCommand({ KeyId, ImportToken, EncryptedKeyMaterial, ValidTo }))
}

it('§9.3 the token of imported material is in no file once that was deleted, or has expired', async () => {
  const { kms, client, isStored } = await folder()
  const { id: KeyId } = await createKey(client, { Origin: 'EXTERNAL' })
  const inDays = (days: number) => new Date(kms.clock.now().getTime() + days * 86_400_000)

  await importInto(client, KeyId, inDays(300))
  const deleted = await tokenOf(kms, KeyId)
  expect(isStored(deleted)).toBe(true)
  await client.send(new sdk.DeleteImportedKeyMaterialCommand({ KeyId }))
  expect(isStored(deleted)).toBe(false)

  await importInto(client, KeyId, inDays(3))
  const expired = await tokenOf(kms, KeyId)
  expect(isStored(expired)).toBe(true)
  await kms.clock.advance({ days: 4 })
  expect(isStored(expired)).toBe(false)
})

it('§9.9 the tokens of a key are in no file once its deletion was carried out', async () => {
  const { kms, client, isStored } = await folder()
  const { id: KeyId } = await createKey(client)
  await client.send(new sdk.RotateKeyOnDemandCommand({ KeyId }))
  await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
  await kms.clock.advance({ days: 6 })
  const tokens = (await records<Material>(kms, 'material')).map(({ token }) => token ?? '')
  expect(tokens.map(isStored)).toEqual([true, true])
  await kms.clock.advance({ days: 2 })
  expect(tokens.map(isStored)).toEqual([false, false])
})

it('§9.11 neither a token under the former domain key nor the former ring is in any file after a rotation', async () => {
  const { kms, client, isStored } = await folder()
  const { id: KeyId } = await createKey(client)
  const token = await tokenOf(kms, KeyId)
  const [domain] = await records<{ token: string }>(kms, 'domain')
  expect([token, domain?.token ?? ''].map(isStored)).toEqual([true, true])
  await kms.rotateDomainKey()
  expect([token, domain?.token ?? ''].map(isStored)).toEqual([false, false])
})
