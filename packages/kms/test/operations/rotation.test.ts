import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { failureOf, type TestBed, testBed } from '../support/client.ts'
import { bytes, createKey } from '../support/keys.ts'

const DAY = 86_400_000

async function rotations(client: sdk.KMSClient, KeyId: string, IncludeKeyMaterial?: sdk.IncludeKeyMaterial) {
  const request = { KeyId, ...(IncludeKeyMaterial && { IncludeKeyMaterial }) }
  return (await client.send(new sdk.ListKeyRotationsCommand(request))).Rotations ?? []
}

const seal = async (client: sdk.KMSClient, KeyId: string) =>
  (await client.send(new sdk.EncryptCommand({ KeyId, Plaintext: bytes('x') }))).CiphertextBlob

const materialOf = async ({ client }: TestBed, CiphertextBlob: Uint8Array | undefined) =>
  (await client.send(new sdk.DecryptCommand({ CiphertextBlob }))).KeyMaterialId

describe('rotation on demand', () => {
  it('encrypts with new material, and still opens under the old', async () => {
    const bed = await testBed()
    const { client } = bed
    const key = await createKey(client)
    const before = await seal(client, key.id)
    const rotated = await client.send(new sdk.RotateKeyOnDemandCommand({ KeyId: key.id }))
    expect(rotated.KeyId).toBe(key.arn)
    const after = await seal(client, key.id)
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: key.id }))
    expect(KeyMetadata?.CurrentKeyMaterialId).not.toBe(key.metadata.CurrentKeyMaterialId)
    expect(await materialOf(bed, before)).toBe(key.metadata.CurrentKeyMaterialId)
    expect(await materialOf(bed, after)).toBe(KeyMetadata?.CurrentKeyMaterialId)
    const data = await client.send(new sdk.GenerateDataKeyCommand({ KeyId: key.id, KeySpec: 'AES_256' }))
    expect(data.KeyMaterialId).toBe(KeyMetadata?.CurrentKeyMaterialId)
    const moved = await client.send(new sdk.ReEncryptCommand({ CiphertextBlob: before, DestinationKeyId: key.id }))
    expect(moved.SourceKeyMaterialId).toBe(key.metadata.CurrentKeyMaterialId)
    expect(moved.DestinationKeyMaterialId).toBe(KeyMetadata?.CurrentKeyMaterialId)
  })

  it('is listed, with the material that came and the one that was', async () => {
    const { client } = await testBed()
    const key = await createKey(client)
    await client.send(new sdk.RotateKeyOnDemandCommand({ KeyId: key.id }))
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: key.id }))
    const rotation = {
      KeyId: key.arn,
      KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId,
      KeyMaterialState: 'CURRENT',
      RotationDate: expect.any(Date),
      RotationType: 'ON_DEMAND',
    }
    expect(await rotations(client, key.id)).toEqual([rotation])
    expect(await rotations(client, key.id, 'ALL_KEY_MATERIAL')).toEqual([
      { KeyId: key.arn, KeyMaterialId: key.metadata.CurrentKeyMaterialId, KeyMaterialState: 'NON_CURRENT' },
      rotation,
    ])
  })

  it('can be had 25 times', async () => {
    const { client } = await testBed()
    const key = await createKey(client)
    for (let n = 0; n < 25; n++) await client.send(new sdk.RotateKeyOnDemandCommand({ KeyId: key.id }))
    expect(await failureOf(client.send(new sdk.RotateKeyOnDemandCommand({ KeyId: key.id })))).toEqual({
      name: 'LimitExceededException',
      message: `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${key.arn}`,
      status: 400,
    })
    expect(await rotations(client, key.id)).toHaveLength(25)
  })

  it('leaves the schedule as it is, and is refused in the 20 minutes before the key rotates by itself', async () => {
    const { client, kms } = await testBed()
    const { id: KeyId } = await createKey(client)
    await client.send(new sdk.EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }))
    const before = await client.send(new sdk.GetKeyRotationStatusCommand({ KeyId }))
    await kms.clock.advance({ days: 89, hours: 23, minutes: 30 })
    await client.send(new sdk.RotateKeyOnDemandCommand({ KeyId }))
    const after = await client.send(new sdk.GetKeyRotationStatusCommand({ KeyId }))
    expect(after.NextRotationDate).toEqual(before.NextRotationDate)
    await kms.clock.advance({ minutes: 15 })
    const { name } = await failureOf(client.send(new sdk.RotateKeyOnDemandCommand({ KeyId })))
    expect(name).toBe('ConflictException')
    await kms.clock.advance({ minutes: 20 })
    await client.send(new sdk.RotateKeyOnDemandCommand({ KeyId }))
    const types = (await rotations(client, KeyId)).map(({ RotationType }) => RotationType)
    expect(types).toEqual(['ON_DEMAND', 'AUTOMATIC', 'ON_DEMAND'])
  })

  it('happens once for each of the requests that come together', async () => {
    const { client } = await testBed()
    const { id: KeyId } = await createKey(client)
    await Promise.all(Array.from({ length: 8 }, () => client.send(new sdk.RotateKeyOnDemandCommand({ KeyId }))))
    const all = await rotations(client, KeyId, 'ALL_KEY_MATERIAL')
    expect(new Set(all.map(({ KeyMaterialId }) => KeyMaterialId)).size).toBe(9)
    expect(all.filter(({ KeyMaterialState }) => KeyMaterialState === 'CURRENT')).toHaveLength(1)
  })
})

describe('automatic rotation', () => {
  it('is off at first', async () => {
    const { client } = await testBed()
    const key = await createKey(client)
    const { $metadata: _, ...status } = await client.send(new sdk.GetKeyRotationStatusCommand({ KeyId: key.id }))
    expect(status).toEqual({ KeyId: key.arn, KeyRotationEnabled: false })
  })

  it.each([undefined, 90, 2560])('has a period of %s days, 365 unless said', async (RotationPeriodInDays) => {
    const { client, kms } = await testBed()
    const key = await createKey(client)
    const before = kms.clock.now().getTime()
    await client.send(
      new sdk.EnableKeyRotationCommand({ KeyId: key.id, ...(RotationPeriodInDays && { RotationPeriodInDays }) }),
    )
    const status = await client.send(new sdk.GetKeyRotationStatusCommand({ KeyId: key.id }))
    const days = RotationPeriodInDays ?? 365
    expect(status).toMatchObject({ KeyId: key.arn, KeyRotationEnabled: true, RotationPeriodInDays: days })
    const wait = Number(status.NextRotationDate) - before
    expect(wait).toBeGreaterThanOrEqual(days * DAY)
    expect(wait).toBeLessThan(days * DAY + 60_000)
  })

  it('takes place in time, each time, and opens everything', async () => {
    const bed = await testBed()
    const { client, kms } = bed
    const { id: KeyId } = await createKey(client)
    await client.send(new sdk.EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 100 }))
    const blobs = [await seal(client, KeyId)]
    for (let n = 0; n < 3; n++) {
      await kms.clock.advance({ days: 100, minutes: 1 })
      blobs.push(await seal(client, KeyId))
    }
    const listed = await rotations(client, KeyId, 'ALL_KEY_MATERIAL')
    expect(listed.map(({ RotationType }) => RotationType)).toEqual([undefined, 'AUTOMATIC', 'AUTOMATIC', 'AUTOMATIC'])
    const opened = await Promise.all(blobs.map((blob) => materialOf(bed, blob)))
    expect(opened).toEqual(listed.map(({ KeyMaterialId }) => KeyMaterialId))
  })

  it('takes place on its day also when the clock leaps over several', async () => {
    const { client, kms } = await testBed()
    const { id: KeyId } = await createKey(client)
    await client.send(new sdk.EnableKeyRotationCommand({ KeyId }))
    const start = kms.clock.now().getTime()
    await kms.clock.advance({ days: 3 * 365 + 1 })
    const days = (await rotations(client, KeyId)).map(({ RotationDate }) =>
      Math.round((Number(RotationDate) - start) / DAY),
    )
    expect(days).toEqual([365, 730, 1095])
    const { NextRotationDate } = await client.send(new sdk.GetKeyRotationStatusCommand({ KeyId }))
    expect(Math.round((Number(NextRotationDate) - start) / DAY)).toBe(1460)
  })

  it('stops when it is switched off', async () => {
    const { client, kms } = await testBed()
    const { id: KeyId } = await createKey(client)
    await client.send(new sdk.EnableKeyRotationCommand({ KeyId }))
    await client.send(new sdk.DisableKeyRotationCommand({ KeyId }))
    await kms.clock.advance({ days: 400 })
    expect(await rotations(client, KeyId)).toEqual([])
  })

  it('rests while the key is disabled, and is made up for when it is enabled again', async () => {
    const { client, kms } = await testBed()
    const { id: KeyId } = await createKey(client)
    await client.send(new sdk.EnableKeyRotationCommand({ KeyId }))
    await client.send(new sdk.DisableKeyCommand({ KeyId }))
    await kms.clock.advance({ days: 800 })
    expect(await rotations(client, KeyId)).toEqual([])
    const status = await client.send(new sdk.GetKeyRotationStatusCommand({ KeyId }))
    expect(status.KeyRotationEnabled).toBe(true)
    await client.send(new sdk.EnableKeyCommand({ KeyId }))
    await client.send(new sdk.DescribeKeyCommand({ KeyId }))
    expect(await rotations(client, KeyId)).toHaveLength(1)
    await kms.clock.advance({ days: 366 })
    expect(await rotations(client, KeyId)).toHaveLength(2)
  })

  it('reads as off while the key is pending deletion, and comes back', async () => {
    const { client } = await testBed()
    const { id: KeyId } = await createKey(client)
    await client.send(new sdk.EnableKeyRotationCommand({ KeyId }))
    const enabled = async () => (await client.send(new sdk.GetKeyRotationStatusCommand({ KeyId }))).KeyRotationEnabled
    await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId }))
    expect(await enabled()).toBe(false)
    await client.send(new sdk.CancelKeyDeletionCommand({ KeyId }))
    expect(await enabled()).toBe(true)
  })

  it('keeps its date when it is switched on again with the period that it has, and starts anew with a new period', async () => {
    const { client, kms } = await testBed()
    const { id: KeyId } = await createKey(client)
    const next = async () => (await client.send(new sdk.GetKeyRotationStatusCommand({ KeyId }))).NextRotationDate
    await client.send(new sdk.EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 200 }))
    const first = await next()
    await kms.clock.advance({ days: 10 })
    await client.send(new sdk.EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 200 }))
    expect(await next()).toEqual(first)
    await client.send(new sdk.EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 201 }))
    expect(Number(await next()) - Number(first)).toBeGreaterThanOrEqual(11 * DAY)
  })

  it('has a period of 365 days when it is switched on again without one', async () => {
    const { client, kms } = await testBed()
    const { id: KeyId } = await createKey(client)
    await client.send(new sdk.EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }))
    const before = kms.clock.now().getTime()
    await client.send(new sdk.EnableKeyRotationCommand({ KeyId }))
    const { RotationPeriodInDays, NextRotationDate } = await client.send(new sdk.GetKeyRotationStatusCommand({ KeyId }))
    expect(RotationPeriodInDays).toBe(365)
    expect(Number(NextRotationDate)).toBeGreaterThanOrEqual(before + 365 * DAY)
  })

  it('is not for imported material', async () => {
    const { client } = await testBed()
    const key = await createKey(client, { Origin: 'EXTERNAL' })
    for (const call of [
      new sdk.EnableKeyRotationCommand({ KeyId: key.id }),
      new sdk.DisableKeyRotationCommand({ KeyId: key.id }),
    ]) {
      expect(await failureOf(client.send(call as sdk.EnableKeyRotationCommand))).toEqual({
        name: 'UnsupportedOperationException',
        message: `${key.arn} origin is EXTERNAL which is not valid for this operation.`,
        status: 400,
      })
    }
  })
})

describe('domain-key rotation', () => {
  it('comes every day by itself, while calls go on, and everything still opens', async () => {
    const bed = await testBed()
    const { client, kms } = bed
    const keys = await Promise.all(Array.from({ length: 5 }, () => createKey(client)))
    const blobs = await Promise.all(keys.map(({ id }) => seal(client, id)))
    for (let day = 1; day <= 4; day++) {
      const calls = keys.map(({ id }) => client.send(new sdk.GenerateDataKeyCommand({ KeyId: id, KeySpec: 'AES_128' })))
      await Promise.all([kms.clock.advance({ days: 1, minutes: 1 }), ...calls])
      expect((await kms.status()).domain.version).toBe(day + 1)
    }
    for (const blob of blobs)
      await expect(client.send(new sdk.DecryptCommand({ CiphertextBlob: blob }))).resolves.toBeDefined()
  })
})
