import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import type { KeyAction } from '../../src/keys/access.ts'
import { keyArn } from '../../src/keys/arn.ts'
import { keys } from '../../src/keys/key-record.ts'
import { plainKey } from '../../src/keys/new-key.ts'
import { resolveKey } from '../../src/keys/resolve.ts'
import type { Kms } from '../../src/kms.ts'
import { insert } from '../../src/store/kind.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import { failureOf, testBed } from '../support/client.ts'
import { bytes, createKey } from '../support/keys.ts'

const NOBODY = '00000000-0000-4000-8000-000000000000'
const HOME = 'arn:aws:kms:us-east-1:111122223333'

async function named() {
  const bed = await testBed()
  const key = await createKey(bed.client)
  await bed.client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/app', TargetKeyId: key.id }))
  return { ...bed, key }
}

describe('a key that may be named by alias', () => {
  it.each([
    ['its id', (id: string) => id],
    ['its ARN', (id: string) => `${HOME}:key/${id}`],
    ['an alias', () => 'alias/app'],
    ['an alias ARN', () => `${HOME}:alias/app`],
  ])('is found by %s', async (_, name) => {
    const { client, key } = await named()
    const KeyId = name(key.id)
    const described = await client.send(new sdk.DescribeKeyCommand({ KeyId }))
    expect(described.KeyMetadata?.Arn).toBe(key.arn)
    const { CiphertextBlob, KeyId: answered } = await client.send(
      new sdk.EncryptCommand({ KeyId, Plaintext: bytes('x') }),
    )
    expect(answered).toBe(key.arn)
    const opened = await client.send(new sdk.DecryptCommand({ CiphertextBlob, KeyId }))
    expect(opened.KeyId).toBe(key.arn)
  })
})

describe('a key that is not there', () => {
  it.each([
    ['no-key', "Invalid keyId 'no-key'"],
    [NOBODY.toUpperCase().replaceAll('0', 'A'), `Invalid keyId '${NOBODY.toUpperCase().replaceAll('0', 'A')}'`],
    ['mrk-0123', "Invalid keyId 'mrk-0123'"],
    [NOBODY, `Key '${HOME}:key/${NOBODY}' does not exist`],
    [`${HOME}:key/${NOBODY}`, `Key '${HOME}:key/${NOBODY}' does not exist`],
    [`arn:aws:kms:eu-west-1:111122223333:key/${NOBODY}`, 'Invalid arn eu-west-1'],
    ['arn:aws:kms:eu-west-1:111122223333:alias/app', 'Invalid arn eu-west-1'],
    ['alias/none', `Alias ${HOME}:alias/none is not found.`],
    [`${HOME}:alias/none`, `Alias ${HOME}:alias/none is not found.`],
    ['alias/aws/unheard', `Alias ${HOME}:alias/aws/unheard is not found.`],
    ['arn:aws:kms:us-east-1', "Invalid keyId 'arn:aws:kms:us-east-1'"],
    [
      `arn:aws-cn:kms:us-east-1:111122223333:key/${NOBODY}`,
      `Invalid keyId 'arn:aws-cn:kms:us-east-1:111122223333:key/${NOBODY}'`,
    ],
    [
      `arn:aws:s3:us-east-1:111122223333:key/${NOBODY}`,
      `Invalid keyId 'arn:aws:s3:us-east-1:111122223333:key/${NOBODY}'`,
    ],
  ])('%s gives NotFoundException', async (KeyId, message) => {
    const { client } = await named()
    expect(await failureOf(client.send(new sdk.DescribeKeyCommand({ KeyId })))).toEqual({
      name: 'NotFoundException',
      message,
      status: 400,
    })
  })
})

/** Operations that take an id or an ARN, and no alias. */
const byIdOnly: readonly (readonly [string, (client: sdk.KMSClient, KeyId: string) => Promise<unknown>])[] = [
  ['CancelKeyDeletion', (client, KeyId) => client.send(new sdk.CancelKeyDeletionCommand({ KeyId }))],
  [
    'CreateAlias',
    (client, KeyId) => client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/b', TargetKeyId: KeyId })),
  ],
  ['DeleteImportedKeyMaterial', (client, KeyId) => client.send(new sdk.DeleteImportedKeyMaterialCommand({ KeyId }))],
  ['DisableKey', (client, KeyId) => client.send(new sdk.DisableKeyCommand({ KeyId }))],
  ['DisableKeyRotation', (client, KeyId) => client.send(new sdk.DisableKeyRotationCommand({ KeyId }))],
  ['EnableKey', (client, KeyId) => client.send(new sdk.EnableKeyCommand({ KeyId }))],
  ['EnableKeyRotation', (client, KeyId) => client.send(new sdk.EnableKeyRotationCommand({ KeyId }))],
  ['GetKeyPolicy', (client, KeyId) => client.send(new sdk.GetKeyPolicyCommand({ KeyId }))],
  [
    'GetParametersForImport',
    (client, KeyId) =>
      client.send(
        new sdk.GetParametersForImportCommand({
          KeyId,
          WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
          WrappingKeySpec: 'RSA_2048',
        }),
      ),
  ],
  [
    'ImportKeyMaterial',
    (client, KeyId) => {
      const none = { ImportToken: bytes('x'), EncryptedKeyMaterial: bytes('x') }
      return client.send(new sdk.ImportKeyMaterialCommand({ KeyId, ...none }))
    },
  ],
  ['GetKeyRotationStatus', (client, KeyId) => client.send(new sdk.GetKeyRotationStatusCommand({ KeyId }))],
  ['ListAliases', (client, KeyId) => client.send(new sdk.ListAliasesCommand({ KeyId }))],
  ['ListGrants', (client, KeyId) => client.send(new sdk.ListGrantsCommand({ KeyId }))],
  ['ListKeyPolicies', (client, KeyId) => client.send(new sdk.ListKeyPoliciesCommand({ KeyId }))],
  ['ListKeyRotations', (client, KeyId) => client.send(new sdk.ListKeyRotationsCommand({ KeyId }))],
  ['ListResourceTags', (client, KeyId) => client.send(new sdk.ListResourceTagsCommand({ KeyId }))],
  ['PutKeyPolicy', (client, KeyId) => client.send(new sdk.PutKeyPolicyCommand({ KeyId, Policy: '{}' }))],
  ['RotateKeyOnDemand', (client, KeyId) => client.send(new sdk.RotateKeyOnDemandCommand({ KeyId }))],
  ['ScheduleKeyDeletion', (client, KeyId) => client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId }))],
  ['TagResource', (client, KeyId) => client.send(new sdk.TagResourceCommand({ KeyId, Tags: [] }))],
  ['UntagResource', (client, KeyId) => client.send(new sdk.UntagResourceCommand({ KeyId, TagKeys: [] }))],
  [
    'UpdateKeyDescription',
    (client, KeyId) => client.send(new sdk.UpdateKeyDescriptionCommand({ KeyId, Description: '' })),
  ],
]

describe.each(byIdOnly)('%s', (operation, command) => {
  it('takes no alias', async () => {
    const { client } = await named()
    for (const KeyId of ['alias/app', `${HOME}:alias/app`]) {
      expect(await failureOf(command(client, KeyId))).toMatchObject({
        name: 'NotFoundException',
        message: `Invalid keyId '${KeyId}'`,
      })
    }
  })

  it('takes an ARN where it takes an id, and tells a stranger nothing', async () => {
    const { client, key, as } = await named()
    const byId = await failureOf(command(client, key.id))
    const fresh = await named()
    const byArn = await failureOf(command(fresh.client, fresh.key.arn))
    expect(byArn.name).toBe(byId.name)
    const stranger = as({ account: '999999999999' })
    const there = await failureOf(command(stranger, key.arn))
    const nowhere = await failureOf(command(stranger, `${HOME}:key/${NOBODY}`))
    expect([there.name, nowhere.name]).toEqual(['AccessDeniedException', 'AccessDeniedException'])
    expect(there.message.replace(key.id, NOBODY)).toBe(nowhere.message)
    expect(there.message).toContain(
      `User: arn:aws:iam::999999999999:root is not authorized to perform: kms:${operation} on resource: `,
    )
  })
})

it('UpdateAlias leads to no alias', async () => {
  const { client } = await named()
  for (const TargetKeyId of ['alias/app', `${HOME}:alias/app`]) {
    const moved = client.send(new sdk.UpdateAliasCommand({ AliasName: 'alias/app', TargetKeyId }))
    expect(await failureOf(moved)).toMatchObject({
      name: 'NotFoundException',
      message: `Invalid keyId '${TargetKeyId}'`,
    })
  }
})

it('a key of another account is not looked at for operations that no policy can open to it', async () => {
  const key = plainKey({ account: '999999999999', region: 'us-east-1' }, NOBODY, 0, '')
  const store = memoryStore()
  await store.commit([insert(keys, key)])
  const asked: unknown[] = []
  const kms = { store, clock: { now: () => 0 }, authorize: (request) => asked.push(request.key) } as Partial<Kms> as Kms
  const caller = { account: '111122223333', region: 'us-east-1', principal: 'arn:aws:iam::111122223333:root' }
  const find = (action: KeyAction) => resolveKey({ kms, caller, operation: 'DescribeKey' }, keyArn(key), action)
  expect(await find('DescribeKey')).toEqual(key)
  expect(await find('GetKeyRotationStatus')).toEqual(key)
  await expect(find('DisableKey')).rejects.toMatchObject({ code: 'NotFoundException' })
  expect(asked).toEqual([key, key, undefined])
})

/** Operations that take the alias of another account. */
const byForeignAlias: readonly (readonly [
  string,
  (client: sdk.KMSClient, KeyId: string, CiphertextBlob: Uint8Array) => Promise<unknown>,
])[] = [
  ['DescribeKey', (client, KeyId) => client.send(new sdk.DescribeKeyCommand({ KeyId }))],
  ['Encrypt', (client, KeyId) => client.send(new sdk.EncryptCommand({ KeyId, Plaintext: bytes('x') }))],
  ['GenerateDataKey', (client, KeyId) => client.send(new sdk.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }))],
  [
    'GenerateDataKeyWithoutPlaintext',
    (client, KeyId) => client.send(new sdk.GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256' })),
  ],
  ['Decrypt', (client, KeyId, CiphertextBlob) => client.send(new sdk.DecryptCommand({ KeyId, CiphertextBlob }))],
  [
    'ReEncryptFrom',
    (client, KeyId, CiphertextBlob) =>
      client.send(new sdk.ReEncryptCommand({ SourceKeyId: KeyId, CiphertextBlob, DestinationKeyId: KeyId })),
  ],
  [
    'ReEncryptTo',
    (client, KeyId, CiphertextBlob) =>
      client.send(new sdk.ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyId })),
  ],
]

describe.each(byForeignAlias)('%s by an alias of another account', (action, call) => {
  it('tells neither the key behind it nor whether there is such an alias', async () => {
    const { as, key } = await named()
    const stranger = as({ account: '999999999999' })
    const own = await createKey(stranger)
    const { CiphertextBlob } = await stranger.send(new sdk.EncryptCommand({ KeyId: own.id, Plaintext: bytes('x') }))
    const there = await failureOf(call(stranger, `${HOME}:alias/app`, CiphertextBlob ?? bytes('x')))
    const nowhere = await failureOf(call(stranger, `${HOME}:alias/none`, CiphertextBlob ?? bytes('x')))
    expect(there).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`kms:${action} on resource: ${HOME}:alias/app because`),
    })
    expect(there.message).not.toContain(key.id)
    expect(nowhere.message.replace('alias/none', 'alias/app')).toBe(there.message)
  })
})

describe('accounts and Regions', () => {
  it('have keys and aliases of their own', async () => {
    const { client, as } = await named()
    const elsewhere = as({ region: 'eu-west-1' })
    const stranger = as({ account: '999999999999' })
    for (const other of [elsewhere, stranger]) {
      expect((await other.send(new sdk.ListKeysCommand({}))).Keys).toEqual([])
      const { name } = await failureOf(other.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/app' })))
      expect(name).toBe('NotFoundException')
      const made = await createKey(other)
      await other.send(new sdk.CreateAliasCommand({ AliasName: 'alias/app', TargetKeyId: made.id }))
    }
    expect((await client.send(new sdk.ListKeysCommand({}))).Keys).toHaveLength(1)
  })

  it('do not open the ciphertexts of each other', async () => {
    const { client, key, as } = await named()
    const { CiphertextBlob } = await client.send(new sdk.EncryptCommand({ KeyId: key.id, Plaintext: bytes('x') }))
    for (const other of [as({ region: 'eu-west-1' }), as({ account: '999999999999' })]) {
      expect(await failureOf(other.send(new sdk.DecryptCommand({ CiphertextBlob })))).toEqual({
        name: 'AccessDeniedException',
        message:
          'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
        status: 400,
      })
    }
  })
})
