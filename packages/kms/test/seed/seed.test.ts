import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type LocalKms, localKms, parseSeed, type Seed } from '../../src/index.ts'
import { failureOf, testBed } from '../support/client.ts'
import { bytes } from '../support/keys.ts'

const ID = 'bc436485-5092-42b8-92a3-0aa8b93536dc'
const MATERIAL = '5cdaead27fe7da2de47945d73cd6d79e36494e73802f3cd3869f1d2cb0b5d7a9'
const MRK = 'mrk-0123456789abcdef0123456789abcdef'
const LATER = Buffer.alloc(32, 9).toString('base64')

const yaml = `
account: '222222222222'
region: eu-central-1
credentials:
  - accessKeyId: AKIDALICE
    secretAccessKey: alice's secret
    principal: arn:aws:iam::222222222222:user/alice
  - accessKeyId: AKIDBOB
    secretAccessKey: bob's secret
    account: '333333333333'
keys:
  - id: ${ID}
    description: the key of the app
    createdAt: 2020-01-02T03:04:05Z
    material: ${MATERIAL}
    rotations:
      - date: 2021-01-02T03:04:05Z
        material: ${LATER}
      - date: 2022-01-02T03:04:05Z
        type: ON_DEMAND
    rotation: 180
    aliases: [alias/app, alias/also]
    tags: { team: blue }
    policy:
      Version: '2012-10-17'
      Statement: [{ Effect: Allow, Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' }]
aliases:
  - { name: alias/third, key: ${ID} }
`

describe('a seed', () => {
  it('fixes accounts, credentials, keys, rotations, aliases, tags and policies', async () => {
    const { client, as } = await testBed(await parseSeed(yaml))
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/app' }))
    expect(KeyMetadata).toMatchObject({
      Arn: `arn:aws:kms:eu-central-1:222222222222:key/${ID}`,
      Description: 'the key of the app',
      CreationDate: new Date('2020-01-02T03:04:05Z'),
      KeyState: 'Enabled',
    })
    const { Aliases = [] } = await client.send(new sdk.ListAliasesCommand({ KeyId: ID }))
    expect(Aliases.map(({ AliasName }) => AliasName)).toEqual(['alias/also', 'alias/app', 'alias/third'])
    expect((await client.send(new sdk.ListResourceTagsCommand({ KeyId: ID }))).Tags).toEqual([
      { TagKey: 'team', TagValue: 'blue' },
    ])
    const { Policy = '' } = await client.send(new sdk.GetKeyPolicyCommand({ KeyId: ID }))
    expect(JSON.parse(Policy).Statement[0].Principal).toEqual({ AWS: '*' })
    const { Rotations = [] } = await client.send(new sdk.ListKeyRotationsCommand({ KeyId: ID }))
    expect(Rotations.map(({ RotationDate, RotationType }) => [RotationDate?.getUTCFullYear(), RotationType])).toEqual([
      [2021, 'AUTOMATIC'],
      [2022, 'ON_DEMAND'],
    ])
    const status = await client.send(new sdk.GetKeyRotationStatusCommand({ KeyId: ID }))
    expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 180 })
    const bob = as({ accessKeyId: 'AKIDBOB' })
    const { message } = await failureOf(bob.send(new sdk.EncryptCommand({ KeyId: ID, Plaintext: bytes('x') })))
    expect(message).toContain(':333333333333:key/')
  })

  it('fixes material: two that were seeded alike open the ciphertexts of each other', async () => {
    const seed: Seed = { keys: [{ id: ID, material: MATERIAL }] }
    const one = await testBed(seed)
    const other = await testBed({ keys: [{ id: ID, material: Buffer.from(MATERIAL, 'hex').toString('base64') }] })
    const { CiphertextBlob } = await one.client.send(new sdk.EncryptCommand({ KeyId: ID, Plaintext: bytes('x') }))
    const opened = await other.client.send(new sdk.DecryptCommand({ CiphertextBlob }))
    expect(opened.Plaintext).toEqual(new Uint8Array(bytes('x')))
    const another = await testBed({ keys: [{ id: ID }] })
    const refused = another.client.send(new sdk.DecryptCommand({ CiphertextBlob }))
    expect((await failureOf(refused)).name).toBe('AccessDeniedException')
  })

  it('opens what older material sealed before the rotations that it tells of', async () => {
    const past = await testBed({ keys: [{ id: ID, material: MATERIAL }] })
    const { CiphertextBlob } = await past.client.send(new sdk.EncryptCommand({ KeyId: ID, Plaintext: bytes('x') }))
    const now = await testBed({
      keys: [{ id: ID, material: MATERIAL, rotations: [{ date: '2021-01-01T00:00:00Z', material: LATER }] }],
    })
    const opened = await now.client.send(new sdk.DecryptCommand({ CiphertextBlob }))
    const { KeyMetadata } = await now.client.send(new sdk.DescribeKeyCommand({ KeyId: ID }))
    expect(opened.KeyMaterialId).not.toBe(KeyMetadata?.CurrentKeyMaterialId)
  })

  it('may have disabled keys, and keys with imported material or waiting for it', async () => {
    const ids = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`) as [string, string, string]
    const { client } = await testBed({
      keys: [
        { id: ids[0], enabled: false },
        { id: ids[1], origin: 'EXTERNAL', material: MATERIAL },
        { id: ids[2], origin: 'EXTERNAL' },
      ],
    })
    const states = await Promise.all(
      ids.map(async (KeyId) => (await client.send(new sdk.DescribeKeyCommand({ KeyId }))).KeyMetadata),
    )
    expect(states).toEqual([
      expect.objectContaining({ KeyState: 'Disabled' }),
      expect.objectContaining({ KeyState: 'Enabled', ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }),
      expect.objectContaining({ KeyState: 'PendingImport' }),
    ])
  })

  it('may have one id in several accounts and Regions, and one alias in each', async () => {
    const { client, as } = await testBed({
      keys: [
        { id: ID, aliases: ['alias/app'] },
        { id: ID, aliases: ['alias/app'], region: 'eu-west-1' },
        { id: ID, aliases: ['alias/app'], account: '999999999999' },
      ],
      aliases: [{ name: 'alias/app', key: ID }],
    })
    for (const one of [client, as({ region: 'eu-west-1' }), as({ account: '999999999999' })]) {
      const { KeyMetadata } = await one.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/app' }))
      expect(KeyMetadata?.KeyId).toBe(ID)
    }
  })

  it('changes nothing that is there already', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'bongtu-seed-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const use = async <T>(seed: Seed, work: (client: sdk.KMSClient, kms: LocalKms) => Promise<T>): Promise<T> => {
      const kms = await localKms({ directory }, seed)
      try {
        return await work(new sdk.KMSClient(kms.clientConfig()), kms)
      } finally {
        await kms.close()
      }
    }
    const seed: Seed = { keys: [{ id: ID, description: 'seeded', aliases: ['alias/app'] }] }
    const CiphertextBlob = await use(seed, async (client) => {
      await client.send(new sdk.UpdateKeyDescriptionCommand({ KeyId: ID, Description: 'changed' }))
      return (await client.send(new sdk.EncryptCommand({ KeyId: 'alias/app', Plaintext: bytes('x') }))).CiphertextBlob
    })
    const more: Seed = { keys: [...(seed.keys ?? []), { id: ID.replace('bc', 'bd') }] }
    await use(more, async (client, kms) => {
      await expect(client.send(new sdk.DecryptCommand({ CiphertextBlob }))).resolves.toBeDefined()
      const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: ID }))
      expect(KeyMetadata?.Description).toBe('changed')
      expect((await kms.status()).keys).toBe(2)
    })
  })
})

describe('a seed.yaml of local-kms', () => {
  const file = `
Keys:
  Symmetric:
    Aes:
      - Metadata:
          KeyId: ${ID}
          Description: from local-kms
        BackingKeys:
          - ${MATERIAL}
          - 614bca1ab5dc47bcdf0fb0e9e1de9dbb0b5d7a95cdaead27fe7da2de47945d73
      - Metadata:
          KeyId: 9b2d6d7b-1f1a-4f3a-8a51-7c1d2e3f4a5b
          Origin: EXTERNAL
        NextKeyRotation: 2019-09-12T15:19:21+00:00
Aliases:
  - AliasName: alias/testing
    TargetKeyId: ${ID}
`

  it('is read', async () => {
    const { client } = await testBed(await parseSeed(file))
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/testing' }))
    expect(KeyMetadata).toMatchObject({ KeyId: ID, Description: 'from local-kms' })
    expect((await client.send(new sdk.ListKeyRotationsCommand({ KeyId: ID }))).Rotations).toHaveLength(1)
    expect((await client.send(new sdk.ListKeysCommand({}))).Keys).toHaveLength(2)
  })

  it.each([
    ['Keys: { Symmetric: { Aes: {} } }', 'Keys.Symmetric.Aes is not a list'],
    ['Keys: { Symmetric: { Aes: [null] } }', 'Keys.Symmetric.Aes is not a list'],
    ['Aliases: 7', 'Aliases is not a list'],
    [`Keys: { Symmetric: { Aes: [{ Metadata: { KeyId: ${ID} }, BackingKeys: 7 }] } }`, 'BackingKeys is not a list'],
    ['Keys: { Symmetric: { Aes: [5] } }', 'keys[0].id is missing'],
  ])('is refused as %s', async (text, message) => {
    await expect(parseSeed(text)).rejects.toThrow(new TypeError(message))
  })

  it('is refused with asymmetric keys, by name', async () => {
    await expect(parseSeed('Keys:\n  Asymmetric:\n    Rsa: []\n')).rejects.toThrow('Keys.Asymmetric')
  })
})

describe('a seed that is refused', () => {
  it.each([
    ['what is no YAML', 'a: [', 'the seed is neither YAML nor JSON'],
    ['a list', '[]', 'seed must be a mapping'],
    ['an unknown member', 'key: []', 'seed has an unknown member: key'],
    ['an account that lost its quotes', 'account: 111122223333', 'seed.account must stand in quotes'],
    ['an account that is none', "account: '12'", 'seed.account is not valid'],
    ['a Region that is none', 'region: nowhere', 'seed.region is not valid'],
    ['a key without id', 'keys: [{}]', 'keys[0].id is missing'],
    ['a key id that is none', 'keys: [{ id: my-key }]', 'keys[0].id is not valid'],
    ['several Regions of a plain key', `keys: [{ id: ${ID}, regions: [eu-west-1] }]`, 'keys[0].regions'],
    ['a Region beside several', `keys: [{ id: ${MRK}, region: us-east-1, regions: [us-east-1] }]`, 'keys[0].region: '],
    ['a Region twice', `keys: [{ id: ${MRK}, regions: [us-east-1, us-east-1] }]`, 'keys[0].regions is not valid'],
    [
      'rotation in several Regions, which would part the replicas from their primary',
      `keys: [{ id: ${MRK}, regions: [us-east-1, eu-west-1], rotation: true }]`,
      'keys[0].rotation: a key in several Regions does not rotate by itself',
    ],
    [
      'past rotations of material that never came',
      `keys: [{ id: ${ID}, origin: EXTERNAL, rotations: [{ date: 2020-01-01T00:00:00Z }] }]`,
      'keys[0].rotations: a key that waits',
    ],
    [
      'past rotations in disorder',
      `keys: [{ id: ${ID}, rotations: [{ date: 2021-01-01T00:00:00Z }, { date: 2020-01-01T00:00:00Z }] }]`,
      'keys[0].rotations: the oldest comes first',
    ],
    [
      'a policy that is none',
      `keys: [{ id: ${ID}, policy: '{}' }]`,
      'keys[0].policy: A statement of the policy is not',
    ],
    [
      'a policy as an object without statements',
      `keys: [{ id: ${ID}, policy: { Statement: [] } }]`,
      'keys[0].policy: The policy has no statement.',
    ],
    ['a key twice', `keys: [{ id: ${ID} }, { id: ${ID} }]`, `keys: ${ID} stands there twice`],
    [
      'an alias of two keys',
      `keys: [{ id: ${ID}, aliases: [alias/a] }]\naliases: [{ name: alias/a, key: ${MRK} }]`,
      `alias/a leads to two keys, ${ID} and ${MRK}`,
    ],
    ['a tag of AWS', `keys: [{ id: ${ID}, tags: { 'AWS:x': y } }]`, 'keys[0].tags is not valid'],
    ['a tag that is too long', `keys: [{ id: ${ID}, tags: { x: ${'y'.repeat(257)} } }]`, 'keys[0].tags is not valid'],
    ['rotation of imported material', `keys: [{ id: ${ID}, origin: EXTERNAL, rotation: true }]`, 'keys[0].origin'],
    ['a period that is too short', `keys: [{ id: ${ID}, rotation: 30 }]`, 'keys[0].rotation is not valid'],
    ['an alias of AWS', `keys: [{ id: ${ID}, aliases: [alias/aws/s3] }]`, 'keys[0].aliases is not valid'],
    ['a rotation without date', `keys: [{ id: ${ID}, rotations: [{}] }]`, 'keys[0].rotations[0].date is missing'],
    ['a credential without secret', 'credentials: [{ accessKeyId: a }]', 'credentials[0].secretAccessKey is missing'],
    ['an empty secret', "credentials: [{ accessKeyId: a, secretAccessKey: '' }]", 'secretAccessKey is not valid'],
    [
      'an access key twice',
      'credentials: [{ accessKeyId: a, secretAccessKey: b }, { accessKeyId: a, secretAccessKey: c }]',
      'credentials: an access key id stands there twice',
    ],
    ['a time that is none', `keys: [{ id: ${ID}, createdAt: soon }]`, 'keys[0].createdAt is not valid'],
  ])('for %s', async (_, file, message) => {
    await expect(parseSeed(file)).rejects.toThrow(new TypeError(message).message)
  })

  it.each([
    ['material that is not 32 bytes', { keys: [{ id: ID, material: 'AAAA' }] }, ID],
    [
      'a principal of another account',
      {
        credentials: [
          { accessKeyId: 'AKIDEVE', secretAccessKey: 'x', principal: 'arn:aws:iam::222222222222:user/eve' },
        ],
      },
      'AKIDEVE is not of its account, 111122223333',
    ],
    ['an alias of no key', { aliases: [{ name: 'alias/x', key: ID }] }, 'alias/x'],
  ])('for %s', async (_, seed, named) => {
    await expect(localKms({ memory: true }, seed)).rejects.toThrow(named)
  })

  it('never repeats a secret', async () => {
    const file = `credentials: [{ accessKeyId: a, secretAccessKey: [very-secret] }]`
    const refusal = await parseSeed(file).catch((error: Error) => error)
    expect(refusal).toBeInstanceOf(TypeError)
    expect(String(refusal)).not.toContain('very-secret')
    const bad = { keys: [{ id: ID, material: 'very-secret-material' }] }
    const failure = await localKms({ memory: true }, bad).catch((error: Error) => error)
    expect(String(failure)).not.toContain('very-secret-material')
  })
})
