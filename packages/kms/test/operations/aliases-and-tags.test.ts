import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { failureOf, testBed } from '../support/client.ts'
import { createKey } from '../support/keys.ts'

const HOME = 'arn:aws:kms:us-east-1:111122223333'

describe('an alias', () => {
  it('is listed with its key and dates, and moves to another key', async () => {
    const { client, kms } = await testBed()
    const one = await createKey(client)
    const other = await createKey(client)
    await client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/app', TargetKeyId: one.arn }))
    await kms.clock.advance({ hours: 1 })
    await client.send(new sdk.UpdateAliasCommand({ AliasName: 'alias/app', TargetKeyId: other.arn }))
    expect((await client.send(new sdk.ListAliasesCommand({ KeyId: one.id }))).Aliases).toEqual([])
    const { Aliases = [] } = await client.send(new sdk.ListAliasesCommand({ KeyId: other.arn }))
    expect(Aliases).toEqual([
      {
        AliasName: 'alias/app',
        AliasArn: `${HOME}:alias/app`,
        TargetKeyId: other.id,
        CreationDate: expect.any(Date),
        LastUpdatedDate: expect.any(Date),
      },
    ])
    const [{ CreationDate, LastUpdatedDate } = {}] = Aliases
    expect(Number(LastUpdatedDate) - Number(CreationDate)).toBeGreaterThanOrEqual(3_600_000)
    await client.send(new sdk.DeleteAliasCommand({ AliasName: 'alias/app' }))
    expect((await client.send(new sdk.ListAliasesCommand({ KeyId: other.id }))).Aliases).toEqual([])
  })

  it('is made once', async () => {
    const { client } = await testBed()
    const key = await createKey(client)
    const create = () => client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/app', TargetKeyId: key.id }))
    const outcomes = await Promise.all([create(), create(), create()].map(failureOf))
    expect(outcomes.map(({ name }) => name).sort()).toEqual([
      'AlreadyExistsException',
      'AlreadyExistsException',
      'success',
    ])
    expect(await failureOf(create())).toEqual({
      name: 'AlreadyExistsException',
      message: `An alias with the name ${HOME}:alias/app already exists`,
      status: 400,
    })
  })

  it('cannot be changed or deleted where there is none', async () => {
    const { client } = await testBed()
    const key = await createKey(client)
    const message = `Alias ${HOME}:alias/none is not found.`
    const update = client.send(new sdk.UpdateAliasCommand({ AliasName: 'alias/none', TargetKeyId: key.id }))
    expect(await failureOf(update)).toMatchObject({ name: 'NotFoundException', message })
    const removal = client.send(new sdk.DeleteAliasCommand({ AliasName: 'alias/none' }))
    expect(await failureOf(removal)).toMatchObject({ name: 'NotFoundException', message })
  })

  it('of AWS is not for the caller to make, move or delete', async () => {
    const { client } = await testBed()
    const key = await createKey(client)
    const input = { AliasName: 'alias/aws/mine', TargetKeyId: key.id }
    const calls = [
      client.send(new sdk.CreateAliasCommand(input)),
      client.send(new sdk.UpdateAliasCommand(input)),
      client.send(new sdk.DeleteAliasCommand({ AliasName: 'alias/aws/s3' })),
    ]
    for (const call of calls)
      expect(await failureOf(call)).toMatchObject({ name: 'NotAuthorizedException', status: 400 })
  })

  it.each(['alias/a:b', 'alias/:', `alias/${'a'.repeat(200)}:`])('has no colon, as in %s', async (AliasName) => {
    const { client } = await testBed()
    const { id: TargetKeyId } = await createKey(client)
    expect(await failureOf(client.send(new sdk.CreateAliasCommand({ AliasName, TargetKeyId })))).toEqual({
      name: 'ValidationException',
      message: `${AliasName} contains invalid characters for an alias`,
      status: 400,
    })
  })

  it('with a colon stays usable where it exists, as earlier versions made it', async () => {
    const id = '00000000-0000-4000-8000-000000000001'
    const AliasName = 'alias/a:b'
    const { client, kms } = await testBed({ keys: [{ id, aliases: [AliasName] }] })
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: AliasName }))
    expect(await kms.ensureAlias(AliasName)).toBe(KeyMetadata?.Arn)
    const other = await createKey(client)
    await client.send(new sdk.UpdateAliasCommand({ AliasName, TargetKeyId: other.id }))
    await client.send(new sdk.DeleteAliasCommand({ AliasName }))
    const again = client.send(new sdk.CreateAliasCommand({ AliasName, TargetKeyId: other.id }))
    expect((await failureOf(again)).name).toBe('ValidationException')
  })

  it('has a name', async () => {
    const { client } = await testBed()
    const key = await createKey(client)
    const nameless = client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/', TargetKeyId: key.id }))
    expect((await failureOf(nameless)).name).toBe('InvalidAliasNameException')
  })

  it('is one of 50 at most', async () => {
    const { client } = await testBed()
    const key = await createKey(client)
    const other = await createKey(client)
    for (let n = 0; n < 50; n++) {
      await client.send(new sdk.CreateAliasCommand({ AliasName: `alias/a${n}`, TargetKeyId: key.id }))
    }
    const more = client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/more', TargetKeyId: key.id }))
    expect(await failureOf(more)).toMatchObject({ name: 'LimitExceededException', status: 400 })
    await client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/more', TargetKeyId: other.id }))
    const moved = client.send(new sdk.UpdateAliasCommand({ AliasName: 'alias/more', TargetKeyId: key.id }))
    expect((await failureOf(moved)).name).toBe('LimitExceededException')
    await client.send(new sdk.UpdateAliasCommand({ AliasName: 'alias/a0', TargetKeyId: key.id }))
  })
})

describe('tags', () => {
  it('are set, replaced, listed and taken off', async () => {
    const { client } = await testBed()
    const key = await createKey(client, { Tags: [{ TagKey: 'a', TagValue: '1' }] })
    const KeyId = key.arn
    const Tags = [
      { TagKey: 'a', TagValue: '2' },
      { TagKey: 'b', TagValue: '' },
    ]
    await client.send(new sdk.TagResourceCommand({ KeyId, Tags }))
    expect(await client.send(new sdk.ListResourceTagsCommand({ KeyId }))).toMatchObject({ Tags, Truncated: false })
    await client.send(new sdk.UntagResourceCommand({ KeyId, TagKeys: ['a', 'never-set'] }))
    expect((await client.send(new sdk.ListResourceTagsCommand({ KeyId }))).Tags).toEqual([Tags[1]])
  })

  const tag = (TagKey: string) => ({ TagKey, TagValue: 'x' })
  const many = Array.from({ length: 51 }, (_, n) => tag(`tag-${n}`))

  it.each([
    ['Duplicate tag keys', [tag('a'), tag('a')]],
    ['Too many tags', many],
    ['Tags beginning with aws: are reserved', [tag('aws:mine')]],
    ['Tags beginning with aws: are reserved', [tag('AWS:mine')]],
  ])('are refused: %s', async (message, Tags) => {
    const { client } = await testBed()
    const { id: KeyId } = await createKey(client)
    const refused = { name: 'TagException', message, status: 400 }
    expect(await failureOf(client.send(new sdk.TagResourceCommand({ KeyId, Tags })))).toEqual(refused)
    expect(await failureOf(client.send(new sdk.CreateKeyCommand({ Tags })))).toEqual(refused)
    expect((await client.send(new sdk.ListResourceTagsCommand({ KeyId }))).Tags).toEqual([])
    expect((await client.send(new sdk.ListKeysCommand({}))).Keys).toHaveLength(1)
  })

  it('are 50 at most, those that were there included', async () => {
    const { client } = await testBed()
    const { id: KeyId } = await createKey(client, { Tags: many.slice(0, 50) })
    const added = client.send(new sdk.TagResourceCommand({ KeyId, Tags: [tag('one-more')] }))
    expect(await failureOf(added)).toMatchObject({ name: 'TagException', message: 'Too many tags' })
    await client.send(new sdk.TagResourceCommand({ KeyId, Tags: [tag('tag-3')] }))
  })

  it('of AWS cannot be taken off', async () => {
    const { client } = await testBed()
    const { id: KeyId } = await createKey(client)
    const untag = client.send(new sdk.UntagResourceCommand({ KeyId, TagKeys: ['Aws:x'] }))
    expect((await failureOf(untag)).name).toBe('TagException')
  })
})
