import { join } from 'node:path'
import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { backup, restore } from '../../src/domain/backup.ts'
import { type Domain, openDomain } from '../../src/domain/domain.ts'
import { giveUp, isGivenUp } from '../../src/domain/quarantine.ts'
import { type RootKeySource, rootKeyFile } from '../../src/hsm/factory.ts'
import { localKms } from '../../src/local-kms.ts'
import { materials } from '../../src/store/material.ts'
import type { SqliteDriver } from '../../src/store/sqlite/driver.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { sqliteOfThisNode } from '../../src/store/sqlite/this-node.ts'
import type { Store } from '../../src/store/store.ts'
import { codeOf, DAY, KEY_A, KEY_B, NOON } from '../hsm/support.ts'
import { temporaryFolder } from '../store/folder.ts'
import { failureOf } from '../support/client.ts'
import { createKey } from '../support/keys.ts'
import { domainKeyIdOf, storedKey, tokenOf } from './support.ts'

const openHere = await sqliteOfThisNode()
const KEY_C = { ...KEY_A, keyId: '5555dcba-09fe-87dc-65ba-ab0987654321' }

/** A connection that writes beside the store, as a failing disk does. */
function beside(file: string) {
  const driver: SqliteDriver = openHere(file)
  onTestFinished(() => driver.close())
  const where = "WHERE kind = 'material' AND id = ?"
  return {
    bodyOf: (id: string) => String(driver.prepare(`SELECT body FROM record ${where}`).get([id])?.body),
    write: (id: string, body: string) => driver.prepare(`UPDATE record SET body = ? ${where}`).run([body, id]),
  }
}

interface Bed {
  readonly domain: Domain
  readonly rootKey: RootKeySource
  readonly store: Store
  readonly clock: { now: number }
  readonly reports: readonly string[]
  readonly ids: readonly [string, string, string]
  readonly disk: ReturnType<typeof beside>
}

/** Three stored keys. The second one's record is what gets damaged: the walk has to pass it. */
async function threeKeys(): Promise<Bed> {
  const folder = temporaryFolder()
  const file = join(folder, 'kms.db')
  const store = await sqliteStore({ file })
  onTestFinished(() => store.close())
  const clock = { now: NOON }
  const reports: string[] = []
  const rootKey = rootKeyFile(join(folder, 'root.key'))
  const domain = await openDomain({
    store,
    rootKey,
    now: () => clock.now,
    report: (trouble) => reports.push(trouble.message),
  })
  const [a, b, c] = [KEY_B, KEY_A, KEY_C].map((key) => storedKey({ store, domain }, key))
  if (a === undefined || b === undefined || c === undefined) throw new Error('no keys')
  return { domain, rootKey, store, clock, reports, ids: [(await a).id, (await b).id, (await c).id], disk: beside(file) }
}

/** The record with one byte of its token altered. */
function flipToken(body: string, at: number): string {
  const record = JSON.parse(body) as { token: string }
  const bytes = Buffer.from(record.token, 'base64')
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return JSON.stringify({ ...record, token: bytes.toString('base64') })
}

const change = (body: string, changes: object): string => JSON.stringify({ ...JSON.parse(body), ...changes })

const DAMAGES: Readonly<Record<string, (body: string) => string>> = {
  'the layout of its token altered': (body) => flipToken(body, 0),
  'the domain key of its token altered': (body) => flipToken(body, 5),
  'the backing key id of its token altered': (body) => flipToken(body, 20),
  'the key name of its token altered': (body) => flipToken(body, 60),
  'the sealed part of its token altered': (body) => flipToken(body, 130),
  'an empty token': (body) => change(body, { token: '' }),
  'a token that is no text': (body) => change(body, { token: { a: 1 } }),
  'no token': (body) => body.replace('"token"', '"tokem"'),
  'another sequence': (body) => change(body, { sequence: 5 }),
  'another key id': (body) => change(body, { keyId: KEY_B.keyId }),
  'a key id that no key has': (body) => change(body, { keyId: '\u0001' }),
  'another material id': (body) => change(body, { keyMaterialId: '0'.repeat(64) }),
  'a body that is no JSON': (body) => body.slice(1),
  'a body that is no object': () => 'null',
}

describe('a record with', () => {
  it.each(Object.entries(DAMAGES))(
    '%s is passed by, kept as it is, reported once, and moved once it opens again',
    async (_what, damage) => {
      const { domain, store, reports, ids, disk } = await threeKeys()
      const [first, damaged, last] = ids
      const whole = disk.bodyOf(damaged)
      const broken = damage(whole)
      disk.write(damaged, broken)
      const before = (await domain.status()).domainKeys[0]?.id
      for (let i = 0; i < 3; i++) {
        const { domainKeys } = await domain.rotate()
        for (const id of [first, last]) expect(domainKeyIdOf(await tokenOf(store, id))).toBe(domainKeys[0]?.id)
      }
      expect(disk.bodyOf(damaged)).toBe(broken)
      expect(domain.quarantine()).toEqual([expect.objectContaining({ id: damaged, domainKey: before })])
      expect(reports).toHaveLength(1)
      expect(reports[0]).toContain(KEY_A.keyId)
      disk.write(damaged, whole)
      await domain.rewrap()
      expect(domain.quarantine()).toEqual([])
      expect(domainKeyIdOf(await tokenOf(store, damaged))).toBe((await domain.status()).domainKeys[0]?.id)
    },
  )
})

describe('a domain key above a token that does not open', () => {
  it('stays in the ring, which grows to 32 keys and no further; service goes on; the rest leave once the token opens', async () => {
    const { domain, store, clock, reports, ids, disk } = await threeKeys()
    const whole = disk.bodyOf(ids[1])
    const held = (await domain.status()).domainKeys[0]?.id ?? ''
    disk.write(ids[1], flipToken(whole, 130))
    for (let i = 0; i < 40; i++) await domain.rotate()
    // Other domain keys leave as ever: only the one above the damaged token stays.
    expect((await domain.status()).domainKeys).toHaveLength(9)
    expect((await domain.status()).domainKeys.at(-1)?.id).toBe(held)

    disk.write(ids[1], flipToken(whole, 5))
    // Its domain key is not known any more, but the index remembers it.
    for (let i = 0; i < 10; i++) await domain.rotate()
    expect((await domain.status()).domainKeys.at(-1)?.id).toBe(held)

    disk.write(ids[1], whole)
    await domain.rewrap()
    await domain.rotate()
    expect((await domain.status()).domainKeys).toHaveLength(8)
    expect(reports).toHaveLength(1)
    clock.now += DAY
    expect(await domain.rotateIfDue()).toBe(true)
    expect(domainKeyIdOf(await tokenOf(store, ids[1]))).toBe((await domain.status()).domainKeys[0]?.id)
  })

  it('keeps every domain key if the token does not say which it is under; a full ring stops rotation alone', async () => {
    const { domain, store, clock, reports, ids, disk } = await threeKeys()
    const entry = await store.get(materials, ids[1])
    if (entry === undefined) throw new Error('no record')
    const broken = flipToken(disk.bodyOf(ids[1]), 0)
    // Stored so, and not altered on the disk: the index does not know the domain key.
    await store.commit([{ op: 'remove', kind: materials.name, id: ids[1], expected: entry.version, forgets: true }])
    await store.commit([
      {
        op: 'insert',
        row: {
          kind: materials.name,
          id: ids[1],
          body: broken,
          due: undefined,
          unique: {},
          indexes: { domainKey: 'damaged' },
        },
      },
    ])
    for (let i = 2; i <= 32; i++) expect((await domain.rotate()).domainKeys).toHaveLength(i)
    expect(await codeOf(domain.rotate())).toBe('ringFull')
    clock.now += DAY
    expect(await domain.rotateIfDue()).toBe(false)
    expect(domain.isFull()).toBe(true)
    expect(reports.filter((text) => text.includes('32 domain keys'))).toEqual([expect.stringContaining(ids[1])])
    const added = await storedKey({ store, domain }, { ...KEY_A, keyId: 'newcomer' })
    expect(domainKeyIdOf(await tokenOf(store, added.id))).toBe((await domain.status()).domainKeys[0]?.id)

    await giveUp(store, ids[1])
    clock.now += DAY
    expect(await domain.rotateIfDue()).toBe(true)
    expect((await domain.status()).domainKeys).toHaveLength(8)
    expect(domain.isFull()).toBe(false)
    expect(disk.bodyOf(ids[1])).toBe(broken)
  })

  it('may leave once the token is given up, and the note goes if the token opens again before', async () => {
    const { domain, store, ids, disk } = await threeKeys()
    const whole = disk.bodyOf(ids[1])
    disk.write(ids[1], flipToken(whole, 130))
    const held = (await domain.status()).domainKeys[0]?.id
    const rotate = async (times: number) => {
      for (let i = 0; i < times; i++) await domain.rotate()
      return (await domain.status()).domainKeys.some(({ id }) => id === held)
    }
    expect(await rotate(12)).toBe(true)
    await giveUp(store, ids[1])
    disk.write(ids[1], whole)
    await domain.rewrap()
    expect(await isGivenUp(store, ids[1])).toBe(false)

    disk.write(ids[1], flipToken(disk.bodyOf(ids[1]), 130))
    await giveUp(store, ids[1])
    expect(await rotate(12)).toBe(false)
    expect(domain.quarantine()).toEqual([expect.objectContaining({ id: ids[1], reason: 'unknownDomainKey' })])
  })
})

describe('putting back from a backup', () => {
  it.each(Object.entries(DAMAGES))(
    'repairs a record that has %s, after the domain key of the backup has left the ring',
    async (_what, damage) => {
      const { domain, store, ids, disk } = await threeKeys()
      const before = JSON.parse(disk.bodyOf(ids[1]))
      const file = await backup({ store, domain })
      disk.write(ids[1], damage(disk.bodyOf(ids[1])))
      await domain.rotate()
      await giveUp(store, ids[1])
      for (let i = 0; i < 9; i++) await domain.rotate()
      expect(await domain.putBack({ backup: file })).toEqual([ids[1]])
      expect(domain.quarantine()).toEqual([])
      const after = JSON.parse(disk.bodyOf(ids[1]))
      expect({ ...after, token: before.token }).toEqual(before)
      expect(domainKeyIdOf(await tokenOf(store, ids[1]))).toBe((await domain.status()).domainKeys[0]?.id)
      expect(await isGivenUp(store, ids[1])).toBe(false)
    },
  )

  it('changes nothing where the backup is damaged in the same place, and refuses one of another root', async () => {
    const { domain, store, ids, disk } = await threeKeys()
    const broken = flipToken(disk.bodyOf(ids[1]), 130)
    disk.write(ids[1], broken)
    expect(await domain.putBack({ backup: await backup({ store, domain }) })).toEqual([])
    const other = await threeKeys()
    const foreign = await backup({ store: other.store, domain: other.domain })
    expect(await codeOf(domain.putBack({ backup: foreign }))).toBe('wrongRoot')
    expect(disk.bodyOf(ids[1])).toBe(broken)
  })
})

describe('an examination', () => {
  it('finds a token under the active domain key that does not open, which no walk reads, and writes nothing', async () => {
    const { domain, ids, disk } = await threeKeys()
    const broken = flipToken(disk.bodyOf(ids[1]), 130)
    disk.write(ids[1], broken)
    const bodies = ids.map(disk.bodyOf)
    expect(await domain.rewrap()).toEqual([])
    expect((await domain.examine()).map(({ id }) => id)).toEqual([ids[1]])
    expect(ids.map(disk.bodyOf)).toEqual(bodies)
  })
})

describe('a backup', () => {
  it.each(Object.entries(DAMAGES))(
    'of a store with a record that has %s restores every other key, and the quarantine with it',
    async (_what, damage) => {
      const { domain, store, ids, disk, rootKey } = await threeKeys()
      disk.write(ids[1], damage(disk.bodyOf(ids[1])))
      await domain.rotate()
      const copy = await sqliteStore({ file: join(temporaryFolder(), 'kms.db') })
      onTestFinished(() => copy.close())
      await restore({ store: copy, backup: await backup({ store, domain }), rootKey, now: () => NOON })
      const restored = await openDomain({ store: copy, rootKey, now: () => NOON })
      await restored.rotate()
      const active = (await restored.status()).domainKeys[0]?.id
      for (const id of [ids[0], ids[2]]) expect(domainKeyIdOf(await tokenOf(copy, id))).toBe(active)
      expect(restored.quarantine().map(({ id }) => id)).toEqual([ids[1]])
    },
  )
})

describe('requests', () => {
  it.each(Object.entries(DAMAGES).filter(([what]) => !['another sequence', 'another material id'].includes(what)))(
    'for a key whose record has %s answer KeyUnavailableException, and those for other keys go on',
    async (_what, damage) => {
      const directory = temporaryFolder()
      const kms = await localKms({ directory })
      onTestFinished(() => kms.close())
      const client = new sdk.KMSClient({ ...kms.clientConfig(), maxAttempts: 1 })
      const [hurt, sound] = [await createKey(client), await createKey(client)]
      const disk = beside(join(directory, 'kms.db'))
      const id = `111122223333/us-east-1/${hurt.id}/000000`
      disk.write(id, damage(disk.bodyOf(id)))
      const generate = (KeyId: string) => client.send(new sdk.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }))
      expect((await failureOf(generate(hurt.id))).name).toBe('KeyUnavailableException')
      expect((await failureOf(generate(sound.id))).name).toBe('success')
      await kms.rotateDomainKey()
      expect((await failureOf(generate(hurt.id))).name).toBe('KeyUnavailableException')
      expect((await failureOf(generate(sound.id))).name).toBe('success')
    },
  )
})
