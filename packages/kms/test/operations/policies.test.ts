import { join } from 'node:path'
import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { keys } from '../../src/keys/key-record.ts'
import { localKms } from '../../src/local-kms.ts'
import { readStoredPolicy } from '../../src/policy/document.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { transact } from '../../src/store/transact.ts'
import { temporaryFolder } from '../store/folder.ts'
import { failureOf, testBed } from '../support/client.ts'
import { createKey } from '../support/keys.ts'

const ID = '00000000-0000-4000-8000-000000000001'
const ROOT = 'arn:aws:iam::111122223333:root'
type Statement = Readonly<Record<string, unknown>>
const owner: Statement = { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' }
const policy = (...Statement: readonly unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement })

async function put(Policy: string, input: Partial<sdk.PutKeyPolicyCommandInput> = {}) {
  const { client } = await testBed()
  const { id: KeyId } = await createKey(client)
  return failureOf(client.send(new sdk.PutKeyPolicyCommand({ KeyId, Policy, ...input })))
}

describe('the policy of a key', () => {
  it('is, unless given, the default one as AWS prints it', async () => {
    const { client } = await testBed()
    const { id: KeyId } = await createKey(client)
    const { Policy, PolicyName } = await client.send(new sdk.GetKeyPolicyCommand({ KeyId }))
    expect(PolicyName).toBe('default')
    expect(Policy).toBe(`{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "arn:aws:iam::111122223333:root"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`)
  })

  it('names the partition of its Region', async () => {
    const { as } = await testBed()
    const client = as({ region: 'us-gov-west-1' })
    const { id: KeyId, arn } = await createKey(client)
    expect(arn).toMatch(/^arn:aws-us-gov:kms:us-gov-west-1:/)
    const { Policy } = await client.send(new sdk.GetKeyPolicyCommand({ KeyId }))
    expect(Policy).toContain('"arn:aws-us-gov:iam::111122223333:root"')
  })

  it('is kept and given back as it was written, conditions and other accounts included', async () => {
    const { client } = await testBed()
    const text = JSON.stringify(
      {
        Version: '2012-10-17',
        Id: 'shared',
        Statement: [
          { Sid: 'owner', ...owner },
          {
            Sid: 'other account',
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::444455556666:role/ExampleRole' },
            Action: ['kms:Decrypt', 'kms:CreateGrant'],
            Resource: '*',
            Condition: {
              StringEquals: { 'kms:ViaService': 'ec2.us-east-1.amazonaws.com', 'kms:CallerAccount': '444455556666' },
              Bool: { 'kms:GrantIsForAWSResource': true },
            },
          },
        ],
      },
      null,
      4,
    )
    const { id: KeyId } = await createKey(client, { Policy: text })
    expect((await client.send(new sdk.GetKeyPolicyCommand({ KeyId }))).Policy).toBe(text)
    const other = await createKey(client)
    await client.send(new sdk.PutKeyPolicyCommand({ KeyId: other.id, PolicyName: 'default', Policy: text }))
    expect((await client.send(new sdk.GetKeyPolicyCommand({ KeyId: other.arn }))).Policy).toBe(text)
    const listed = await client.send(new sdk.ListKeyPoliciesCommand({ KeyId }))
    expect(listed).toMatchObject({ PolicyNames: ['default'], Truncated: false })
  })

  it('has one name', async () => {
    const { client } = await testBed()
    const { id: KeyId } = await createKey(client)
    const read = client.send(new sdk.GetKeyPolicyCommand({ KeyId, PolicyName: 'other' }))
    const expected = { name: 'NotFoundException', message: 'No such policy exists', status: 400 }
    expect(await failureOf(read)).toEqual(expected)
    expect(await put(policy(owner), { PolicyName: 'other' })).toEqual(expected)
  })
})

describe('a policy that is refused as malformed', () => {
  const without = (name: string) => Object.fromEntries(Object.entries(owner).filter(([member]) => member !== name))

  it.each([
    ['text', 'no policy'],
    ['a list', '[]'],
    ['nothing', '{}'],
    ['without statements', policy()],
    ['of an unknown version', JSON.stringify({ Version: '2020-01-01', Statement: [owner] })],
    ['with an unknown member', JSON.stringify({ Statement: [owner], Extra: 1 })],
    ['with a statement that is none', policy('x')],
    ['with an unknown member in a statement', policy({ ...owner, Extra: 1 })],
    ['with two statements of one Sid', policy({ Sid: 'a', ...owner }, { Sid: 'a', ...owner })],
    ['without effect', policy(without('Effect'))],
    ['with an effect of its own', policy({ ...owner, Effect: 'Maybe' })],
    ['without principal', policy(without('Principal'))],
    ['with principal and its opposite', policy({ ...owner, NotPrincipal: { AWS: ROOT } })],
    ['without action', policy(without('Action'))],
    ['with an action that is none', policy({ ...owner, Action: 'everything' })],
    ['without resource', policy(without('Resource'))],
    [
      'with the ARN of a key as resource',
      policy({ ...owner, Resource: `arn:aws:kms:us-east-1:111122223333:key/${ID}` }),
    ],
    ['with a pattern as resource', policy({ ...owner, Resource: 'arn:aws:kms:*' })],
    ['with two stars as resource', policy({ ...owner, Resource: '**' })],
    ['with no resource in the list', policy({ ...owner, Resource: [] })],
    ['with two resources, of which one is every resource', policy({ ...owner, Resource: ['*', 'arn:aws:kms:*'] })],
    ['with every resource twice', policy({ ...owner, Resource: ['*', '*'] })],
    ['with such a resource in one of its statements', policy(owner, { ...owner, Resource: 'x' })],
    ['with every resource but one', policy({ ...without('Resource'), NotResource: 'x' })],
    ['with every resource but every one', policy({ ...without('Resource'), NotResource: '*' })],
    ['with a condition that is none', policy({ ...owner, Condition: { StringEquals: 'x' } })],
  ])('%s', async (_, text) => {
    expect(await put(text)).toMatchObject({ name: 'MalformedPolicyDocumentException', status: 400 })
    const { client } = await testBed()
    const made = client.send(new sdk.CreateKeyCommand({ Policy: text }))
    expect((await failureOf(made)).name).toBe('MalformedPolicyDocumentException')
  })

  it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty'])(
    'for a principal of the kind %s, which every object has',
    async (kind) => {
      const text = policy(owner, { ...owner, Principal: { [kind]: 'x' } })
      expect(text).toContain(kind)
      expect(await put(text)).toEqual({
        name: 'MalformedPolicyDocumentException',
        message: 'Policy contains a statement with one or more invalid principals.',
        status: 400,
      })
    },
  )

  it.each(['nobody', 'arn:aws:iam::12:root', 'arn:aws:s3:::bucket', '', ['arn:aws:iam::111122223333:user/']])(
    'for its principal %j',
    async (AWS) => {
      expect(await put(policy(owner, { ...owner, Principal: { AWS } }))).toEqual({
        name: 'MalformedPolicyDocumentException',
        message: 'Policy contains a statement with one or more invalid principals.',
        status: 400,
      })
    },
  )

  it.each([{}, { Unknown: 'x' }, { __proto__: 'x' }, 'somebody', ['*'], { Service: '*' }])(
    'for the principals %j',
    async (Principal) => {
      expect((await put(policy(owner, { ...owner, Principal }))).name).toBe('MalformedPolicyDocumentException')
    },
  )

  it.each([
    '*',
    { AWS: '*' },
    { AWS: ['444455556666', 'arn:aws:iam::444455556666:user/path/alice'] },
    { AWS: 'arn:aws:sts::444455556666:assumed-role/role/session' },
    { Service: ['s3.amazonaws.com', 'logs.eu-west-1.amazonaws.com'] },
    { Federated: 'arn:aws:iam::444455556666:saml-provider/corp' },
  ])('not for the principals %j', async (Principal) => {
    expect((await put(policy(owner, { ...owner, Principal }))).name).toBe('success')
  })
})

it.each(['*', ['*']])('a policy may have the resource %j', async (Resource) => {
  expect((await put(policy({ ...owner, Resource }))).name).toBe('success')
})

describe('a policy with a resource of its own, which earlier versions took', () => {
  const stored = policy(owner, { ...owner, Effect: 'Deny', Resource: 'arn:aws:kms:*' })

  it('stops the start if it is in the seed', async () => {
    const keys = [{ id: ID, policy: stored }]
    await expect(testBed({ keys })).rejects.toThrow(
      'keys[0].policy: Each statement of a key policy must have the Resource "*", which is the key of the policy.',
    )
  })

  it('is opened if a store holds it, and its statement matches nothing', async () => {
    const directory = temporaryFolder()
    const first = await localKms({ directory })
    const client = new sdk.KMSClient(first.clientConfig())
    const { id: KeyId, arn } = await createKey(client)
    await createKey(client)
    await first.close()
    const store = await sqliteStore({ file: join(directory, 'kms.db') })
    await transact(store, async (transaction) => {
      const key = await transaction.get(keys, `111122223333/us-east-1/${KeyId}`)
      if (key !== undefined) transaction.replace(keys, { ...key, policy: stored })
    })
    await store.close()

    const kms = await localKms({ directory })
    onTestFinished(() => kms.close())
    const again = new sdk.KMSClient({ ...kms.clientConfig(), maxAttempts: 1 })
    expect((await again.send(new sdk.GetKeyPolicyCommand({ KeyId }))).Policy).toBe(stored)
    await again.send(new sdk.EncryptCommand({ KeyId, Plaintext: new Uint8Array(1) }))
    expect(readStoredPolicy(stored).map(({ effect, isOfItsKey }) => [effect, isOfItsKey])).toEqual([
      ['Allow', true],
      ['Deny', false],
    ])
    expect(await kms.status()).toMatchObject({ keys: 2, policiesToCorrect: [arn] })
    await again.send(new sdk.PutKeyPolicyCommand({ KeyId, Policy: policy(owner) }))
    expect((await kms.status()).policiesToCorrect).toEqual([])
  })
})

describe('a policy that locks its writer out', () => {
  const LOCKED_OUT = {
    name: 'MalformedPolicyDocumentException',
    message: 'The new key policy will not allow you to update the key policy in the future.',
    status: 400,
  }
  const deny: Statement = { ...owner, Effect: 'Deny' }
  const stars = `kms:${'*'.repeat(30_000)}`

  it.each([
    ['by allowing something else', policy({ ...owner, Action: 'kms:Decrypt' })],
    ['by allowing somebody else', policy({ ...owner, Principal: { AWS: 'arn:aws:iam::444455556666:root' } })],
    ['by allowing a service', policy({ ...owner, Principal: { Service: 's3.amazonaws.com' } })],
    ['by a pattern that is one character short', policy({ ...owner, Action: 'kms:PutKeyPolic??' })],
    ['by a pattern that ends elsewhere', policy({ ...owner, Action: 'kms:*Polic' })],
    ['by a pattern whose stars no regular expression sees the end of', policy({ ...owner, Action: `${stars}x` })],
    ['by denying it', policy(owner, { ...deny, Action: 'kms:PutKeyPolicy' })],
    ['by denying it to everybody', policy(owner, { ...deny, Principal: '*', Action: 'kms:Put*' })],
    ['by allowing it on a condition', policy({ ...owner, Condition: { Bool: { 'aws:SecureTransport': 'true' } } })],
    ['by allowing all but it', policy({ ...without('Action'), NotAction: ['kms:PutKeyPolicy'] })],
  ])('%s', async (_, text) => {
    expect(await put(text)).toEqual(LOCKED_OUT)
    const { client } = await testBed()
    expect(await failureOf(client.send(new sdk.CreateKeyCommand({ Policy: text })))).toEqual(LOCKED_OUT)
    expect((await put(text, { BypassPolicyLockoutSafetyCheck: true })).name).toBe('success')
  })

  it.each([
    ['the account by its number', policy({ ...owner, Principal: { AWS: '111122223333' } })],
    ['everybody', policy({ ...owner, Principal: '*' })],
    ['the action by a pattern in capitals', policy({ ...owner, Action: ['KMS:Put*'] })],
    ['the action by a pattern of all kinds', policy({ ...owner, Action: 'kms:*t?e*Pol**y*' })],
    ['everything', policy({ ...owner, Action: '*' })],
    ['all but another action', policy({ ...without('Action'), NotAction: 'kms:Decrypt' })],
    ['it, and denies something else', policy(owner, { ...deny, Action: 'kms:ScheduleKeyDeletion' })],
    ['it, and denies it to another account', policy(owner, { ...deny, Principal: { AWS: '444455556666' } })],
  ])('is not one that allows %s', async (_, text) => {
    expect((await put(text)).name).toBe('success')
  })

  function without(name: string): Statement {
    return Object.fromEntries(Object.entries(owner).filter(([member]) => member !== name))
  }
})

it('a policy has at most 32,768 bytes', async () => {
  const sized = (bytes: number) => {
    const text = policy({ ...owner, Sid: '' })
    return text.replace('"Sid":""', `"Sid":"${'a'.repeat(bytes - text.length)}"`)
  }
  expect((await put(sized(32_768))).name).toBe('success')
  expect(await put(sized(32_769))).toMatchObject({ name: 'LimitExceededException', status: 400 })
})
