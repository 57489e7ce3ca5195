import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { failureOf, testBed } from '../support/client.ts'
import { createKey } from '../support/keys.ts'

const CiphertextBlob = new Uint8Array(1)
const ROOT = 'arn:aws:iam::111122223333:root'

type Use = (client: sdk.KMSClient, KeyId: string) => Promise<unknown>

/** Members that the API text limits further than their shapes do. Each value satisfies its shape. */
const members: readonly (readonly [string, string, Use])[] = [
  [
    'CreateAlias AliasName: no colon',
    'ValidationException',
    (client, TargetKeyId) => client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/a:b', TargetKeyId })),
  ],
  [
    'CreateAlias AliasName: begins with alias/',
    'ValidationException',
    (client, TargetKeyId) => client.send(new sdk.CreateAliasCommand({ AliasName: 'app', TargetKeyId })),
  ],
  [
    'CreateAlias AliasName: not of AWS',
    'NotAuthorizedException',
    (client, TargetKeyId) => client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/aws/app', TargetKeyId })),
  ],
  [
    'CreateKey KeyUsage: required unless the spec is SYMMETRIC_DEFAULT',
    'ValidationException',
    (client) => client.send(new sdk.CreateKeyCommand({ KeySpec: 'RSA_2048' })),
  ],
  [
    'CreateKey XksKeyId: only in an external key store',
    'ValidationException',
    (client) => client.send(new sdk.CreateKeyCommand({ XksKeyId: 'a' })),
  ],
  [
    'CreateKey Tags: no repeated tag key',
    'TagException',
    (client) => {
      const tag = { TagKey: 'a', TagValue: '' }
      return client.send(new sdk.CreateKeyCommand({ Tags: [tag, tag] }))
    },
  ],
  [
    'ScheduleKeyDeletion PendingWindowInDays: at least 7',
    'ValidationException',
    (client, KeyId) => client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 6 })),
  ],
  [
    'ScheduleKeyDeletion PendingWindowInDays: at most 30',
    'ValidationException',
    (client, KeyId) => client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 31 })),
  ],
  [
    'GetKeyPolicy PolicyName: only default',
    'NotFoundException',
    (client, KeyId) => client.send(new sdk.GetKeyPolicyCommand({ KeyId, PolicyName: 'other' })),
  ],
  [
    'GenerateDataKey KeySpec, NumberOfBytes: not both',
    'ValidationException',
    (client, KeyId) => client.send(new sdk.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', NumberOfBytes: 32 })),
  ],
  [
    'GenerateDataKey KeySpec, NumberOfBytes: one of them',
    'ValidationException',
    (client, KeyId) => client.send(new sdk.GenerateDataKeyCommand({ KeyId })),
  ],
  [
    'GenerateRandom NumberOfBytes: required',
    'ValidationException',
    (client) => client.send(new sdk.GenerateRandomCommand({})),
  ],
  [
    'Decrypt CiphertextBlob: required unless it is ignored',
    'ValidationException',
    (client, KeyId) => client.send(new sdk.DecryptCommand({ KeyId, CiphertextBlob: undefined })),
  ],
  [
    'Decrypt DryRunModifiers: only in a dry run',
    'ValidationException',
    (client, KeyId) =>
      client.send(new sdk.DecryptCommand({ KeyId, CiphertextBlob, DryRunModifiers: ['IGNORE_CIPHERTEXT'] })),
  ],
  [
    'ListAliases Limit: at most 100',
    'ValidationException',
    (client) => client.send(new sdk.ListAliasesCommand({ Limit: 101 })),
  ],
  [
    'ListGrants Limit: at most 100',
    'ValidationException',
    (client, KeyId) => client.send(new sdk.ListGrantsCommand({ KeyId, Limit: 101 })),
  ],
  [
    'ListRetirableGrants Limit: at most 100',
    'ValidationException',
    (client) => client.send(new sdk.ListRetirableGrantsCommand({ RetiringPrincipal: ROOT, Limit: 101 })),
  ],
  [
    'ListResourceTags Limit: at most 50',
    'ValidationException',
    (client, KeyId) => client.send(new sdk.ListResourceTagsCommand({ KeyId, Limit: 51 })),
  ],
  [
    'ListRetirableGrants RetiringPrincipal: a principal',
    'InvalidArnException',
    (client) => client.send(new sdk.ListRetirableGrantsCommand({ RetiringPrincipal: 'worker' })),
  ],
]

describe('a member whose text in the API is narrower than its shape', () => {
  it.each(members)('%s, else %s', async (_, name, use) => {
    const { client } = await testBed()
    const { id } = await createKey(client)
    expect(await failureOf(use(client, id))).toMatchObject({ name, status: 400 })
  })

  const imports: readonly (readonly [string, Partial<sdk.ImportKeyMaterialCommandInput>])[] = [
    ['ValidTo: required if the material expires', {}],
    ['ValidTo: in the future', { ValidTo: new Date(0) }],
    ['ValidTo: at most 365 days ahead', { ValidTo: new Date(Date.now() + 366 * 86_400_000) }],
    [
      'ValidTo: not with a material that does not expire',
      { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE', ValidTo: new Date(Date.now() + 86_400_000) },
    ],
    [
      'KeyMaterialId: not with new material',
      {
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
        ImportType: 'NEW_KEY_MATERIAL',
        KeyMaterialId: '0'.repeat(64),
      },
    ],
  ]
  it.each(imports)('ImportKeyMaterial %s', async (_, input) => {
    const { client } = await testBed()
    const { id: KeyId } = await createKey(client, { Origin: 'EXTERNAL' })
    const blobs = { ImportToken: CiphertextBlob, EncryptedKeyMaterial: CiphertextBlob }
    const imported = client.send(new sdk.ImportKeyMaterialCommand({ KeyId, ...blobs, ...input }))
    expect(await failureOf(imported)).toMatchObject({ name: 'ValidationException', status: 400 })
  })
})
