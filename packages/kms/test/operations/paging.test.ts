import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { failureOf, testBed } from '../support/client.ts'
import { createKey } from '../support/keys.ts'

interface Page {
  readonly items: readonly unknown[]
  readonly NextMarker?: string | undefined
  readonly Truncated?: boolean | undefined
}
type List = (client: sdk.KMSClient, KeyId: string, page: { Limit?: number; Marker?: string }) => Promise<Page>

/** Lists of seven things each. */
const seven: readonly (readonly [string, List])[] = [
  [
    'ListKeys',
    async (c, _, p) => {
      const { Keys = [], ...rest } = await c.send(new sdk.ListKeysCommand(p))
      return { items: Keys, ...rest }
    },
  ],
  [
    'ListAliases',
    async (c, _, p) => {
      const { Aliases = [], ...rest } = await c.send(new sdk.ListAliasesCommand(p))
      return { items: Aliases, ...rest }
    },
  ],
  [
    'ListAliases of a key',
    async (c, KeyId, p) => {
      const { Aliases = [], ...rest } = await c.send(new sdk.ListAliasesCommand({ KeyId, ...p }))
      return { items: Aliases, ...rest }
    },
  ],
  [
    'ListResourceTags',
    async (c, KeyId, p) => {
      const { Tags = [], ...rest } = await c.send(new sdk.ListResourceTagsCommand({ KeyId, ...p }))
      return { items: Tags, ...rest }
    },
  ],
  [
    'ListKeyRotations',
    async (c, KeyId, p) => {
      const { Rotations = [], ...rest } = await c.send(new sdk.ListKeyRotationsCommand({ KeyId, ...p }))
      return { items: Rotations, ...rest }
    },
  ],
]

async function filled() {
  const bed = await testBed()
  const { client } = bed
  const Tags = Array.from({ length: 7 }, (_, n) => ({ TagKey: `t${n}`, TagValue: '' }))
  const { id } = await createKey(client, { Tags })
  for (let n = 0; n < 6; n++) await createKey(client)
  for (let n = 0; n < 7; n++) {
    await client.send(new sdk.CreateAliasCommand({ AliasName: `alias/a${n}`, TargetKeyId: id }))
    await client.send(new sdk.RotateKeyOnDemandCommand({ KeyId: id }))
  }
  return { ...bed, id }
}

describe.each(seven)('%s', (_, list) => {
  it.each([1, 2, 3, 7, 20])('gives everything once, by pages of %i', async (Limit) => {
    const { client, id } = await filled()
    const whole = await list(client, id, {})
    expect(whole.Truncated).toBe(false)
    expect(whole.items.length).toBeGreaterThanOrEqual(7)
    const items: unknown[] = []
    let page = await list(client, id, { Limit })
    for (;;) {
      expect(page.items.length).toBeLessThanOrEqual(Limit)
      items.push(...page.items)
      expect(page.NextMarker === undefined).toBe(page.Truncated === false)
      if (page.NextMarker === undefined) break
      page = await list(client, id, { Limit, Marker: page.NextMarker })
    }
    expect(items).toEqual(whole.items)
  })

  it('takes no marker that it did not give', async () => {
    const { client, id, as } = await filled()
    const { NextMarker = '' } = await list(client, id, { Limit: 2 })
    const altered = `${NextMarker.slice(0, -2)}${NextMarker.endsWith('AA') ? 'BB' : 'AA'}`
    for (const Marker of [
      'x',
      altered,
      NextMarker.slice(0, 12),
      Buffer.from(`${'\0'.repeat(16)}a`).toString('base64url'),
    ]) {
      expect(await failureOf(list(client, id, { Marker }))).toMatchObject({
        name: 'InvalidMarkerException',
        status: 400,
      })
    }
    for (const [, other] of seven.filter(([, one]) => one !== list)) {
      expect((await failureOf(other(client, id, { Marker: NextMarker }))).name).toBe('InvalidMarkerException')
    }
    const key = await createKey(as({ region: 'eu-west-1' }))
    const elsewhere = list(as({ region: 'eu-west-1' }), key.id, { Marker: NextMarker })
    expect((await failureOf(elsewhere)).name).toBe('InvalidMarkerException')
  })
})

it('a marker holds when what it stands at is gone', async () => {
  const { client, id } = await filled()
  const first = await client.send(new sdk.ListAliasesCommand({ KeyId: id, Limit: 3 }))
  await client.send(new sdk.DeleteAliasCommand({ AliasName: first.Aliases?.at(-1)?.AliasName }))
  const rest = await client.send(new sdk.ListAliasesCommand({ KeyId: id, Marker: first.NextMarker }))
  expect(rest.Aliases?.map(({ AliasName }) => AliasName)).toEqual(['alias/a3', 'alias/a4', 'alias/a5', 'alias/a6'])
})

it.each([
  ['ListKeys', 1000, (c: sdk.KMSClient, Limit: number) => c.send(new sdk.ListKeysCommand({ Limit }))],
  ['ListAliases', 100, (c: sdk.KMSClient, Limit: number) => c.send(new sdk.ListAliasesCommand({ Limit }))],
  [
    'ListResourceTags',
    50,
    async (c: sdk.KMSClient, Limit: number) =>
      c.send(new sdk.ListResourceTagsCommand({ KeyId: (await createKey(c)).id, Limit })),
  ],
  [
    'ListKeyPolicies',
    1000,
    async (c: sdk.KMSClient, Limit: number) =>
      c.send(new sdk.ListKeyPoliciesCommand({ KeyId: (await createKey(c)).id, Limit })),
  ],
  [
    'ListGrants',
    100,
    async (c: sdk.KMSClient, Limit: number) =>
      c.send(new sdk.ListGrantsCommand({ KeyId: (await createKey(c)).id, Limit })),
  ],
  [
    'ListRetirableGrants',
    100,
    (c: sdk.KMSClient, Limit: number) =>
      c.send(new sdk.ListRetirableGrantsCommand({ RetiringPrincipal: 'arn:aws:iam::111122223333:root', Limit })),
  ],
])('%s takes a limit of %i and no higher', async (_, most, call) => {
  const { client } = await testBed()
  expect((await failureOf(call(client, most))).name).toBe('success')
  expect((await failureOf(call(client, most + 1))).name).toBe('ValidationException')
  expect((await failureOf(call(client, 0))).name).toBe('ValidationException')
})
