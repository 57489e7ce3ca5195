import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { failureOf, testBed } from '../support/client.ts'
import { bytes, createKey } from '../support/keys.ts'

const DAY = 86_400_000

describe('the deletion of a key', () => {
  it.each([undefined, 7, 30])('waits %s days, and says until when', async (days) => {
    const { client, kms } = await testBed()
    const key = await createKey(client)
    const before = kms.clock.now().getTime()
    const request = { KeyId: key.id, ...(days !== undefined && { PendingWindowInDays: days }) }
    const { DeletionDate, ...answer } = await client.send(new sdk.ScheduleKeyDeletionCommand(request))
    expect(answer).toMatchObject({ KeyId: key.arn, KeyState: 'PendingDeletion', PendingWindowInDays: days ?? 30 })
    const wait = Number(DeletionDate) - before
    expect(wait).toBeGreaterThanOrEqual((days ?? 30) * DAY)
    expect(wait).toBeLessThan((days ?? 30) * DAY + 60_000)
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: key.id }))
    expect(KeyMetadata).toMatchObject({ Enabled: false, KeyState: 'PendingDeletion', DeletionDate })
  })

  it('is carried out when the wait ends and not a day before', async () => {
    const { client, kms } = await testBed()
    const key = await createKey(client)
    await client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/doomed', TargetKeyId: key.id }))
    const { CiphertextBlob } = await client.send(new sdk.EncryptCommand({ KeyId: key.id, Plaintext: bytes('x') }))
    await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId: key.id, PendingWindowInDays: 7 }))
    await kms.clock.advance({ days: 6, hours: 23 })
    expect((await client.send(new sdk.ListKeysCommand({}))).Keys).toHaveLength(1)
    await kms.clock.advance({ hours: 2 })
    expect((await client.send(new sdk.ListKeysCommand({}))).Keys).toEqual([])
    expect(await failureOf(client.send(new sdk.DescribeKeyCommand({ KeyId: key.id })))).toMatchObject({
      name: 'NotFoundException',
      message: `Key '${key.arn}' does not exist`,
    })
    const opened = client.send(new sdk.DecryptCommand({ CiphertextBlob }))
    expect((await failureOf(opened)).name).toBe('AccessDeniedException')
    const described = client.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/doomed' }))
    expect((await failureOf(described)).name).toBe('NotFoundException')
    expect((await kms.status()).keys).toBe(0)
  })

  it('leaves other keys alone', async () => {
    const { client, kms } = await testBed()
    const doomed = await createKey(client)
    const kept = await createKey(client)
    const { CiphertextBlob } = await client.send(new sdk.EncryptCommand({ KeyId: kept.id, Plaintext: bytes('x') }))
    await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId: doomed.id, PendingWindowInDays: 7 }))
    await kms.clock.advance({ days: 8 })
    const { Plaintext } = await client.send(new sdk.DecryptCommand({ CiphertextBlob }))
    expect(Plaintext).toEqual(new Uint8Array(bytes('x')))
  })

  it('is called off, and leaves the key disabled', async () => {
    const { client, kms } = await testBed()
    const key = await createKey(client)
    const { CiphertextBlob } = await client.send(new sdk.EncryptCommand({ KeyId: key.id, Plaintext: bytes('x') }))
    await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId: key.id, PendingWindowInDays: 7 }))
    expect(await client.send(new sdk.CancelKeyDeletionCommand({ KeyId: key.id }))).toMatchObject({ KeyId: key.arn })
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: key.id }))
    expect(KeyMetadata).toMatchObject({ KeyState: 'Disabled', Enabled: false })
    expect(KeyMetadata).not.toHaveProperty('DeletionDate')
    await kms.clock.advance({ days: 40 })
    await client.send(new sdk.EnableKeyCommand({ KeyId: key.id }))
    await expect(client.send(new sdk.DecryptCommand({ CiphertextBlob }))).resolves.toBeDefined()
  })

  it('of a key without material is called off into waiting for material', async () => {
    const { client } = await testBed()
    const key = await createKey(client, { Origin: 'EXTERNAL' })
    await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId: key.id }))
    await client.send(new sdk.CancelKeyDeletionCommand({ KeyId: key.id }))
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: key.id }))
    expect(KeyMetadata?.KeyState).toBe('PendingImport')
  })
})

describe('a multi-Region key', () => {
  const KeyId = 'mrk-0123456789abcdef0123456789abcdef'
  const seed = { keys: [{ id: KeyId, regions: ['us-east-1', 'eu-west-1', 'ap-south-1'] }] }
  const arnIn = (region: string) => `arn:aws:kms:${region}:111122223333:key/${KeyId}`

  it('opens in each Region what it sealed in any, and names its relatives', async () => {
    const { client, as } = await testBed(seed)
    const { CiphertextBlob } = await client.send(new sdk.EncryptCommand({ KeyId, Plaintext: bytes('x') }))
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId }))
    expect(KeyMetadata).toMatchObject({
      MultiRegion: true,
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'PRIMARY',
        PrimaryKey: { Arn: arnIn('us-east-1'), Region: 'us-east-1' },
        ReplicaKeys: [
          { Arn: arnIn('ap-south-1'), Region: 'ap-south-1' },
          { Arn: arnIn('eu-west-1'), Region: 'eu-west-1' },
        ],
      },
    })
    for (const region of ['eu-west-1', 'ap-south-1']) {
      const there = as({ region })
      const opened = await there.send(new sdk.DecryptCommand({ CiphertextBlob }))
      expect(opened).toMatchObject({ KeyId: arnIn(region), KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId })
      const described = await there.send(new sdk.DescribeKeyCommand({ KeyId }))
      expect(described.KeyMetadata?.MultiRegionConfiguration?.MultiRegionKeyType).toBe('REPLICA')
    }
    const nowhere = as({ region: 'us-west-2' }).send(new sdk.DecryptCommand({ CiphertextBlob }))
    expect((await failureOf(nowhere)).name).toBe('AccessDeniedException')
  })

  it('is deleted in its primary Region only after the last replica', async () => {
    const { client, as, kms } = await testBed(seed)
    const { CiphertextBlob } = await client.send(new sdk.EncryptCommand({ KeyId, Plaintext: bytes('x') }))
    const scheduled = await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
    expect(scheduled).toMatchObject({
      KeyId: arnIn('us-east-1'),
      KeyState: 'PendingReplicaDeletion',
      PendingWindowInDays: 7,
    })
    expect(scheduled).not.toHaveProperty('DeletionDate')
    const described = await client.send(new sdk.DescribeKeyCommand({ KeyId }))
    expect(described.KeyMetadata?.PendingDeletionWindowInDays).toBe(7)
    await kms.clock.advance({ days: 100 })
    for (const region of ['eu-west-1', 'ap-south-1']) {
      const there = as({ region })
      await expect(there.send(new sdk.DecryptCommand({ CiphertextBlob }))).resolves.toBeDefined()
      await there.send(new sdk.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
    }
    await kms.clock.advance({ days: 8 })
    const waiting = await client.send(new sdk.DescribeKeyCommand({ KeyId }))
    expect(waiting.KeyMetadata?.KeyState).toBe('PendingDeletion')
    await kms.clock.advance({ days: 7 })
    expect((await kms.status()).keys).toBe(0)
  })

  it('made by CreateKey is a primary on its own', async () => {
    const { client } = await testBed()
    const { id, arn, metadata } = await createKey(client, { MultiRegion: true })
    expect(id).toMatch(/^mrk-[0-9a-f]{32}$/)
    expect(metadata.MultiRegionConfiguration).toEqual({
      MultiRegionKeyType: 'PRIMARY',
      PrimaryKey: { Arn: arn, Region: 'us-east-1' },
      ReplicaKeys: [],
    })
    await client.send(new sdk.EnableKeyRotationCommand({ KeyId: id }))
  })

  it('with replicas does not rotate, for its replicas could not follow', async () => {
    const { client, as } = await testBed(seed)
    const here = client.send(new sdk.RotateKeyOnDemandCommand({ KeyId }))
    expect((await failureOf(here)).name).toBe('UnsupportedOperationException')
    const there = as({ region: 'eu-west-1' }).send(new sdk.EnableKeyRotationCommand({ KeyId }))
    expect(await failureOf(there)).toMatchObject({
      name: 'UnsupportedOperationException',
      message: `${arnIn('eu-west-1')} is not a multi-region primary key.`,
    })
  })
})
