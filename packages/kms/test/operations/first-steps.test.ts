import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
} from '@aws-sdk/client-kms'
import { expect, it } from 'vitest'
import { testBed } from '../support/client.ts'

const text = new TextEncoder().encode('a secret of 1 line')

it('makes a key and an alias, and opens by either what it sealed', async () => {
  const { client } = await testBed()
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Description: 'first' }))
  await client.send(new CreateAliasCommand({ AliasName: 'alias/first', TargetKeyId: KeyMetadata?.KeyId }))
  const described = await client.send(new DescribeKeyCommand({ KeyId: 'alias/first' }))
  expect(described.KeyMetadata).toEqual(KeyMetadata)
  const EncryptionContext = { tenant: 'acme' }
  const sealed = await client.send(new EncryptCommand({ KeyId: 'alias/first', Plaintext: text, EncryptionContext }))
  expect(sealed.KeyId).toBe(KeyMetadata?.Arn)
  for (const KeyId of [undefined, 'alias/first', KeyMetadata?.Arn]) {
    const opened = await client.send(
      new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext, KeyId }),
    )
    expect(opened.Plaintext).toEqual(text)
    expect(opened.KeyMaterialId).toBe(KeyMetadata?.CurrentKeyMaterialId)
  }
})

it.each([
  { KeySpec: 'AES_256' as const, length: 32 },
  { KeySpec: 'AES_128' as const, length: 16 },
  { NumberOfBytes: 1, length: 1 },
  { NumberOfBytes: 1024, length: 1024 },
])('generates a data key of $length bytes that decrypt gives back', async ({ length, ...size }) => {
  const { client } = await testBed()
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}))
  const made = await client.send(new GenerateDataKeyCommand({ KeyId: KeyMetadata?.KeyId, ...size }))
  expect(made.Plaintext).toHaveLength(length)
  const opened = await client.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }))
  expect(opened.Plaintext).toEqual(made.Plaintext)
  expect(opened.KeyMaterialId).toBe(made.KeyMaterialId)
})
