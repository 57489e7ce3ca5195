import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { failureOf, testBed } from '../support/client.ts'
import { createKey } from '../support/keys.ts'

const ROOT = 'arn:aws:iam::111122223333:root'
const UNKNOWN = '00000000-0000-4000-8000-000000000000'

describe('the list of the grants of a key', () => {
  it.each([{}, { GranteePrincipal: ROOT }, { GranteeServicePrincipal: 'ec2.us-east-1.amazonaws.com' }])(
    'is empty for the filter %j',
    async (filter) => {
      const { client } = await testBed()
      const { id, arn } = await createKey(client)
      for (const KeyId of [id, arn]) {
        const { $metadata: _, ...list } = await client.send(new sdk.ListGrantsCommand({ KeyId, ...filter }))
        expect(list).toEqual({ Grants: [], Truncated: false })
      }
    },
  )

  it('is not found for a key that does not exist', async () => {
    const { client } = await testBed()
    expect(await failureOf(client.send(new sdk.ListGrantsCommand({ KeyId: UNKNOWN })))).toEqual({
      name: 'NotFoundException',
      message: `Key 'arn:aws:kms:us-east-1:111122223333:key/${UNKNOWN}' does not exist`,
      status: 400,
    })
  })

  it.each([
    ['a grant id, which no grant has', { GrantId: 'a'.repeat(64) }, 'InvalidGrantIdException'],
    ['a marker that it did not give', { Marker: 'x' }, 'InvalidMarkerException'],
    [
      'two kinds of grantee',
      { GranteePrincipal: ROOT, GranteeServicePrincipal: 'ec2.us-east-1.amazonaws.com' },
      'ValidationException',
    ],
  ])('refuses %s', async (_, filter, name) => {
    const { client } = await testBed()
    const { id: KeyId } = await createKey(client)
    expect(await failureOf(client.send(new sdk.ListGrantsCommand({ KeyId, ...filter })))).toMatchObject({
      name,
      status: 400,
    })
  })

  it('is closed to other accounts', async () => {
    const { client, as } = await testBed()
    const { arn: KeyId } = await createKey(client)
    const other = as({ account: '999999999999' })
    expect((await failureOf(other.send(new sdk.ListGrantsCommand({ KeyId })))).name).toBe('AccessDeniedException')
  })
})

describe('the list of the grants that a principal may retire', () => {
  it.each([
    { RetiringPrincipal: ROOT },
    { RetiringPrincipal: 'arn:aws:iam::111122223333:role/path/Worker' },
    { RetiringPrincipal: 'arn:aws:sts::111122223333:assumed-role/Worker/session' },
    { RetiringServicePrincipal: 'ec2.us-east-1.amazonaws.com' },
  ])('is empty for %j', async (principal) => {
    const { client } = await testBed()
    const { $metadata: _, ...list } = await client.send(new sdk.ListRetirableGrantsCommand(principal))
    expect(list).toEqual({ Grants: [], Truncated: false })
  })

  it.each([
    [{}, 'ValidationException'],
    [{ RetiringPrincipal: ROOT, RetiringServicePrincipal: 'ec2.us-east-1.amazonaws.com' }, 'ValidationException'],
    [{ RetiringPrincipal: 'worker' }, 'InvalidArnException'],
    [{ RetiringPrincipal: 'arn:aws:s3:::bucket' }, 'InvalidArnException'],
    [{ RetiringPrincipal: ROOT, Marker: 'x' }, 'InvalidMarkerException'],
  ])('refuses %j with %s', async (input, name) => {
    const { client } = await testBed()
    expect(await failureOf(client.send(new sdk.ListRetirableGrantsCommand(input)))).toMatchObject({ name, status: 400 })
  })
})
