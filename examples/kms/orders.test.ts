/** Tests code that uses AWS KMS, without AWS: a fresh KMS for each test, in this process. */
import { DecryptCommand, DisableKeyCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { testKms } from '@bongtu/kms/testing'
import { expect, it } from 'vitest'

const KeyId = 'bc436485-5092-42b8-92a3-0aa8b93536dc'
const seed = { keys: [{ id: KeyId, aliases: ['alias/orders'] }] }
const EncryptionContext = { table: 'orders' }

it('opens a data key under the context that it was made for, and under no other', async () => {
  await using kms = await testKms(seed)
  const client = new KMSClient(kms.clientConfig())
  const made = await client.send(
    new GenerateDataKeyCommand({ KeyId: 'alias/orders', KeySpec: 'AES_256', EncryptionContext }),
  )
  const { CiphertextBlob } = made
  const opened = await client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))
  expect(opened.Plaintext).toEqual(made.Plaintext)
  const elsewhere = new DecryptCommand({ CiphertextBlob, EncryptionContext: { table: 'customers' } })
  await expect(client.send(elsewhere)).rejects.toMatchObject({ name: 'InvalidCiphertextException' })
})

it('gets over being throttled', async () => {
  await using kms = await testKms(seed)
  kms.faults.add({ operation: 'GenerateDataKey', kind: 'throttle', times: 2 })
  const client = new KMSClient({ ...kms.clientConfig(), maxAttempts: 3 })
  await client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }))
})

it('notices that its key was disabled', async () => {
  await using kms = await testKms(seed)
  const client = new KMSClient(kms.clientConfig())
  await client.send(new DisableKeyCommand({ KeyId }))
  const use = client.send(new GenerateDataKeyCommand({ KeyId: 'alias/orders', KeySpec: 'AES_256' }))
  await expect(use).rejects.toMatchObject({ name: 'DisabledException' })
})
