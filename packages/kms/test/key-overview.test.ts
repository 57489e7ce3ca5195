import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  CreateAliasCommand,
  DeleteImportedKeyMaterialCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { backingKeyIdOf, domainKeyIdOf } from '../src/hsm/port.ts'
import { type KeyOverview, localKms } from '../src/index.ts'
import { temporaryFolder } from './store/folder.ts'
import { testBed } from './support/client.ts'
import { createKey } from './support/keys.ts'

async function all(kms: { keys(): AsyncIterable<KeyOverview> }): Promise<KeyOverview[]> {
  const found: KeyOverview[] = []
  for await (const key of kms.keys()) found.push(key)
  return found
}

describe('the overview of keys', () => {
  it('is empty where there are none', async () => {
    const { kms } = await testBed()
    expect(await all(kms)).toEqual([])
  })

  it('shows the material that a ciphertext names, and the domain key that its token is under', async () => {
    const { kms, client } = await testBed()
    const { id, arn } = await createKey(client, { Description: 'reports' })
    for (const AliasName of ['alias/b', 'alias/a']) {
      await client.send(new CreateAliasCommand({ AliasName, TargetKeyId: id }))
    }
    await client.send(new RotateKeyOnDemandCommand({ KeyId: id }))
    const [key] = await all(kms)
    expect(key).toMatchObject({
      arn,
      keyId: id,
      description: 'reports',
      aliases: ['alias/a', 'alias/b'],
      state: 'Enabled',
    })
    expect(key?.materials.map(({ state }) => state)).toEqual(['NON_CURRENT', 'CURRENT'])
    expect(key?.materials.map(({ rotatedAt }) => rotatedAt instanceof Date)).toEqual([false, true])
    const sealed = await client.send(new EncryptCommand({ KeyId: id, Plaintext: Buffer.from('x') }))
    expect(backingKeyIdOf(sealed.CiphertextBlob ?? new Uint8Array())).toBe(key?.materials[1]?.id)
    const domainKeys = key?.materials.map(({ domainKey }) => domainKey)
    expect(domainKeys?.[0]).toEqual(domainKeys?.[1])
    expect(domainKeys?.[0]).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{32}$/), active: true })
  })

  it('shows another domain key, and the same materials, when that was rotated', async () => {
    const { kms, client } = await testBed()
    await createKey(client)
    const [before] = await all(kms)
    await kms.rotateDomainKey()
    const [after] = await all(kms)
    expect(after?.materials[0]?.id).toBe(before?.materials[0]?.id)
    expect(after?.materials[0]?.domainKey?.id).not.toBe(before?.materials[0]?.domainKey?.id)
    expect(after?.materials[0]?.domainKey?.active).toBe(true)
  })

  it('covers all accounts and Regions in order, with the dates of what is to come', async () => {
    const { kms, as } = await testBed()
    const later = as({ account: '222222222222', region: 'eu-west-1' })
    const { id } = await createKey(later)
    await later.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: 7 }))
    const rotating = await createKey(as({ account: '222222222222', region: 'ap-south-1' }))
    await as({ account: '222222222222', region: 'ap-south-1' }).send(
      new EnableKeyRotationCommand({ KeyId: rotating.id, RotationPeriodInDays: 90 }),
    )
    const shown = await all(kms)
    expect(shown.map(({ region }) => region)).toEqual(['ap-south-1', 'eu-west-1'])
    const days = (date: Date | null | undefined) => Math.round(((date?.getTime() ?? 0) - Date.now()) / 86_400_000)
    expect(days(shown[0]?.nextRotation)).toBe(90)
    expect(shown[0]?.deletion).toBeNull()
    expect(shown[1]?.state).toBe('PendingDeletion')
    expect(days(shown[1]?.deletion)).toBe(7)
  })

  it('shows no domain key for imported material that was deleted', async () => {
    const id = '0f0f0f0f-0000-4000-8000-000000000001'
    const { kms, client } = await testBed({ keys: [{ id, origin: 'EXTERNAL', material: '11'.repeat(32) }] })
    expect((await all(kms))[0]?.materials[0]?.domainKey?.active).toBe(true)
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: id }))
    const [key] = await all(kms)
    expect(key?.state).toBe('PendingImport')
    expect(key?.materials.map(({ domainKey }) => domainKey)).toEqual([null])
  })
})

describe('domainKeyIdOf', () => {
  it.each([0, 1, 50])('tells nothing of %i bytes', (length) => {
    expect(domainKeyIdOf(new Uint8Array(length).fill(1))).toBeNull()
  })

  it.each([0, 1])('tells nothing of bytes whose byte %i is not that of a token', (at) => {
    const token = new Uint8Array(120).fill(1)
    expect(domainKeyIdOf(token)).toBe('01'.repeat(16))
    token[at] = 2
    expect(domainKeyIdOf(token)).toBeNull()
  })
})

describe('a place that must hold a KMS already', () => {
  it('is refused where the folder is missing or empty, and nothing is made', async () => {
    const folder = temporaryFolder()
    const absent = { name: 'StoreError', code: 'absent' }
    const missing = join(folder, 'none')
    await expect(localKms({ directory: missing, create: false })).rejects.toMatchObject(absent)
    mkdirSync(join(folder, 'empty'))
    await expect(localKms({ directory: join(folder, 'empty'), create: false })).rejects.toMatchObject(absent)
    expect(readdirSync(folder, { recursive: true })).toEqual(['empty'])
  })

  it('is refused where the store has no domain, and no root is made for it', async () => {
    const directory = temporaryFolder()
    const { sqliteStore } = await import('../src/store/sqlite/sqlite-store.ts')
    await (await sqliteStore({ file: join(directory, 'kms.db') })).close()
    await expect(localKms({ directory, create: false })).rejects.toMatchObject({ code: 'absent' })
    expect(readdirSync(directory)).not.toContain('root.key')
  })

  it('is opened where there is one', async () => {
    const directory = temporaryFolder()
    await (await localKms({ directory })).close()
    const kms = await localKms({ directory, create: false })
    onTestFinished(() => kms.close())
    expect((await kms.status()).keys).toBe(0)
  })
})
