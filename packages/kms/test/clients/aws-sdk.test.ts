import { createCipheriv, createDecipheriv } from 'node:crypto'
import * as sdk from '@aws-sdk/client-kms'
import { expect, it, onTestFinished } from 'vitest'
import { checkingServer, credentials } from './program.ts'

async function client(): Promise<sdk.KMSClient> {
  const { url } = await checkingServer()
  const options = { region: 'us-east-1', endpoint: url, credentials: { ...credentials }, maxAttempts: 1 }
  const made = new sdk.KMSClient(options)
  onTestFinished(() => made.destroy())
  return made
}

it('the AWS SDK for JavaScript lives through the life of a key over HTTP, by members that Debian’s tools do not know', async () => {
  const kms = await client()
  const { KeyMetadata } = await kms.send(new sdk.CreateKeyCommand({ Description: 'by the SDK' }))
  const KeyId = KeyMetadata?.KeyId
  await kms.send(new sdk.CreateAliasCommand({ AliasName: 'alias/sdk', TargetKeyId: KeyId }))
  await kms.send(new sdk.EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }))
  const status = await kms.send(new sdk.GetKeyRotationStatusCommand({ KeyId }))
  expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 90 })
  expect(status.NextRotationDate).toBeInstanceOf(Date)

  const EncryptionContext = { tenant: 'acme' }
  const made = await kms.send(
    new sdk.GenerateDataKeyCommand({ KeyId: 'alias/sdk', KeySpec: 'AES_256', EncryptionContext }),
  )
  expect(made.KeyMaterialId).toBe(KeyMetadata?.CurrentKeyMaterialId)
  const iv = Buffer.alloc(12)
  const cipher = createCipheriv('aes-256-gcm', made.Plaintext ?? Buffer.alloc(0), iv)
  const sealed = Buffer.concat([cipher.update('a local text'), cipher.final()])

  await kms.send(new sdk.RotateKeyOnDemandCommand({ KeyId }))
  const { Rotations } = await kms.send(new sdk.ListKeyRotationsCommand({ KeyId }))
  expect(Rotations).toMatchObject([{ RotationType: 'ON_DEMAND' }])
  const opened = await kms.send(new sdk.DecryptCommand({ CiphertextBlob: made.CiphertextBlob, EncryptionContext }))
  expect(opened).toMatchObject({ KeyId: KeyMetadata?.Arn, KeyMaterialId: made.KeyMaterialId })
  const decipher = createDecipheriv('aes-256-gcm', opened.Plaintext ?? Buffer.alloc(0), iv)
  decipher.setAuthTag(cipher.getAuthTag())
  expect(decipher.update(sealed).toString() + decipher.final()).toBe('a local text')
  const after = await kms.send(new sdk.EncryptCommand({ KeyId, Plaintext: sealed }))
  const again = await kms.send(new sdk.DecryptCommand({ CiphertextBlob: after.CiphertextBlob }))
  expect(again.KeyMaterialId).not.toBe(made.KeyMaterialId)

  const deletion = await kms.send(new sdk.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
  expect(deletion.KeyState).toBe('PendingDeletion')
  await kms.send(new sdk.CancelKeyDeletionCommand({ KeyId }))
  const described = await kms.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/sdk' }))
  expect(described.KeyMetadata?.KeyState).toBe('Disabled')
})
