import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import type { Seed } from '../../src/seed/seed.ts'
import { testKms } from '../../src/testing.ts'
import { failureOf, testBed } from '../support/client.ts'
import { bytes, createKey } from '../support/keys.ts'

const SERVICES = [
  'acm',
  'backup',
  'codecommit',
  'connect',
  'dms',
  'dynamodb',
  'ebs',
  'elasticfilesystem',
  'es',
  'fsx',
  'glue',
  'kafka',
  'kendra',
  'kinesis',
  'kinesisvideo',
  'lambda',
  'lex',
  'rds',
  'redshift',
  's3',
  'secretsmanager',
  'ses',
  'sns',
  'sqs',
  'ssm',
  'timestream',
  'workspaces',
  'xray',
]

const ID = '00000000-0000-4000-8000-000000000001'

describe('the keys behind alias/aws/…', () => {
  it('have aliases before they are there', async () => {
    const { client } = await testBed()
    const { Aliases = [] } = await client.send(new sdk.ListAliasesCommand({}))
    expect(Aliases.map(({ AliasName }) => AliasName)).toEqual(SERVICES.map((service) => `alias/aws/${service}`))
    for (const alias of Aliases) expect(alias).not.toHaveProperty('TargetKeyId')
    expect((await client.send(new sdk.ListKeysCommand({}))).Keys).toEqual([])
  })

  it.each(SERVICES)('alias/aws/%s leads to a key from its first use on, and to one only', async (service) => {
    const { client } = await testBed()
    const KeyId = `alias/aws/${service}`
    const uses = await Promise.all(
      Array.from({ length: 4 }, () => client.send(new sdk.EncryptCommand({ KeyId, Plaintext: bytes('x') }))),
    )
    expect(new Set(uses.map((use) => use.KeyId)).size).toBe(1)
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId }))
    expect(KeyMetadata).toMatchObject({ KeyManager: 'AWS', KeyState: 'Enabled', Arn: uses[0]?.KeyId })
    expect(KeyMetadata?.Description).toMatch(/^Default key that protects my .+ when no other key is defined$/)
    const { Aliases = [] } = await client.send(new sdk.ListAliasesCommand({}))
    expect(Aliases.find(({ AliasName }) => AliasName === KeyId)).toMatchObject({ TargetKeyId: KeyMetadata?.KeyId })
    expect(Aliases).toHaveLength(SERVICES.length)
  })

  it('appear when they are described, one for each account and Region', async () => {
    const { client, as } = await testBed()
    const other = as({ account: '999999999999' })
    await createKey(other)
    const clients = [client, other, as({ region: 'eu-west-1' })]
    const ids = await Promise.all(
      clients.map(
        async (one) => (await one.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/aws/s3' }))).KeyMetadata?.KeyId,
      ),
    )
    expect(new Set(ids).size).toBe(3)
  })

  it('do not appear because another account names them', async () => {
    const { client, kms } = await testBed()
    const KeyId = 'arn:aws:kms:us-east-1:999999999999:alias/aws/s3'
    expect(await failureOf(client.send(new sdk.DescribeKeyCommand({ KeyId })))).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`kms:DescribeKey on resource: ${KeyId} because`),
    })
    expect((await kms.status()).keys).toBe(0)
  })

  it('do not appear in an account that a caller made up', async () => {
    const { as, kms } = await testBed()
    const stranger = as({ account: '999999999999' })
    const KeyId = 'alias/aws/s3'
    const describeIt = () => stranger.send(new sdk.DescribeKeyCommand({ KeyId }))
    expect(await failureOf(describeIt())).toEqual({
      name: 'NotFoundException',
      message:
        'Alias arn:aws:kms:us-east-1:999999999999:alias/aws/s3 is not found. The account 999999999999 has no key and is not in the seed: make a key in it first.',
      status: 400,
    })
    expect((await kms.status()).keys).toBe(0)
    await createKey(stranger)
    expect((await describeIt()).KeyMetadata?.KeyManager).toBe('AWS')
  })

  it.each<[string, Seed]>([
    ['of the seed', { account: '999999999999' }],
    ['of a key of the seed', { keys: [{ id: ID, account: '999999999999' }] }],
    [
      'of an alias of the seed',
      {
        keys: [{ id: ID, account: '999999999999' }],
        aliases: [{ name: 'alias/x', key: ID, account: '999999999999' }],
      },
    ],
  ])('appear in the account %s', async (_, seed) => {
    const { as } = await testBed(seed)
    const client = as({ account: '999999999999' })
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/aws/s3' }))
    expect(KeyMetadata?.KeyManager).toBe('AWS')
  })

  it('appear in the account of an access key, whether signatures are checked or not', async () => {
    for (const auth of ['enforce', 'off'] as const) {
      const credentials = [{ accessKeyId: 'AKIDA', secretAccessKey: 'secret', account: '999999999999' }]
      await using kms = await testKms({ credentials }, { auth })
      const client = new sdk.KMSClient(kms.clientConfig({ accessKeyId: 'AKIDA' }))
      const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/aws/s3' }))
      expect(KeyMetadata).toMatchObject({ KeyManager: 'AWS', AWSAccountId: '999999999999' })
    }
  })

  it.each([
    ['ebs', 'ec2'],
    ['lambda', 'lambda'],
    ['elasticfilesystem', 'elasticfilesystem'],
  ])('have the policy of their service, as %s does', async (service, endpoint) => {
    const { client } = await testBed()
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: `alias/aws/${service}` }))
    const { Policy } = await client.send(new sdk.GetKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId }))
    expect(Policy).toContain('"Version" : "2012-10-17"')
    expect(JSON.parse(Policy ?? '')).toMatchObject({
      Id: `auto-${service}-1`,
      Statement: [
        {
          Condition: {
            StringEquals: {
              'kms:CallerAccount': '111122223333',
              'kms:ViaService': `${endpoint}.us-east-1.amazonaws.com`,
            },
          },
        },
        { Principal: { AWS: 'arn:aws:iam::111122223333:root' } },
      ],
    })
  })

  it('rotate every year, and say so', async () => {
    const { client, kms } = await testBed()
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/aws/s3' }))
    const KeyId = KeyMetadata?.KeyId
    const status = await client.send(new sdk.GetKeyRotationStatusCommand({ KeyId }))
    expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 365 })
    await kms.clock.advance({ days: 366 })
    const { Rotations } = await client.send(new sdk.ListKeyRotationsCommand({ KeyId }))
    expect(Rotations).toHaveLength(1)
  })

  const managing: readonly (readonly [
    string,
    (client: sdk.KMSClient, KeyId: string | undefined) => Promise<unknown>,
  ])[] = [
    ['DisableKey', (c, KeyId) => c.send(new sdk.DisableKeyCommand({ KeyId }))],
    ['EnableKey', (c, KeyId) => c.send(new sdk.EnableKeyCommand({ KeyId }))],
    ['ScheduleKeyDeletion', (c, KeyId) => c.send(new sdk.ScheduleKeyDeletionCommand({ KeyId }))],
    ['CancelKeyDeletion', (c, KeyId) => c.send(new sdk.CancelKeyDeletionCommand({ KeyId }))],
    ['UpdateKeyDescription', (c, KeyId) => c.send(new sdk.UpdateKeyDescriptionCommand({ KeyId, Description: 'x' }))],
    ['PutKeyPolicy', (c, KeyId) => c.send(new sdk.PutKeyPolicyCommand({ KeyId, Policy: '{}' }))],
    ['CreateAlias', (c, TargetKeyId) => c.send(new sdk.CreateAliasCommand({ AliasName: 'alias/x', TargetKeyId }))],
    ['TagResource', (c, KeyId) => c.send(new sdk.TagResourceCommand({ KeyId, Tags: [] }))],
    ['UntagResource', (c, KeyId) => c.send(new sdk.UntagResourceCommand({ KeyId, TagKeys: [] }))],
    ['EnableKeyRotation', (c, KeyId) => c.send(new sdk.EnableKeyRotationCommand({ KeyId }))],
    ['DisableKeyRotation', (c, KeyId) => c.send(new sdk.DisableKeyRotationCommand({ KeyId }))],
    ['RotateKeyOnDemand', (c, KeyId) => c.send(new sdk.RotateKeyOnDemandCommand({ KeyId }))],
    ['DeleteImportedKeyMaterial', (c, KeyId) => c.send(new sdk.DeleteImportedKeyMaterialCommand({ KeyId }))],
  ]

  it.each(managing)('are not for the caller to manage by %s', async (operation, call) => {
    const { client } = await testBed()
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/aws/s3' }))
    expect(await failureOf(call(client, KeyMetadata?.KeyId))).toEqual({
      name: 'AccessDeniedException',
      message: `User: arn:aws:iam::111122223333:root is not authorized to perform: kms:${operation} on resource: ${KeyMetadata?.Arn} because no resource-based policy allows the kms:${operation} action`,
      status: 400,
    })
  })
})
