import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDomain } from '../../src/domain/domain.ts'
import { rootKeyFile } from '../../src/hsm/factory.ts'
import { insert } from '../../src/store/kind.ts'
import { DOMAIN_KEY, type Material, materials } from '../../src/store/material.ts'
import type { SqliteDriver } from '../../src/store/sqlite/driver.ts'
import { openLibsql } from '../../src/store/sqlite/libsql.ts'
import { MIGRATIONS, migrate } from '../../src/store/sqlite/schema.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { sqliteOfThisNode } from '../../src/store/sqlite/this-node.ts'
import { spawnChild } from '../crash/scenario.ts'
import { domainKeyIdOf, storedKey } from '../domain/support.ts'
import { KEY_A, NOON } from '../hsm/support.ts'
import { temporaryFolder } from './folder.ts'

const openHere = await sqliteOfThisNode()
const now = () => NOON

function using<R>(file: string, work: (driver: SqliteDriver) => R): R {
  const driver = openHere(file)
  try {
    return work(driver)
  } finally {
    driver.close()
  }
}

const schemaOf = (driver: SqliteDriver) => Number(driver.prepare('PRAGMA user_version').get([])?.user_version)
const leftOf = (driver: SqliteDriver) => driver.prepare('SELECT after FROM reindex').all([])

/** A store of `count` keys as schema version 1 kept it: no index by domain key. */
async function formerStore(count: number): Promise<{ file: string; root: string }> {
  const folder = temporaryFolder()
  const file = join(folder, 'kms.db')
  const root = join(folder, 'root.key')
  const store = await sqliteStore({ file })
  const domain = await openDomain({ store, rootKey: rootKeyFile(root), now })
  const first = await storedKey({ store, domain }, KEY_A)
  const { token = '' } = (await store.get(materials, first.id))?.record ?? {}
  const copies = Array.from({ length: count - 1 }, (_, at): Material => {
    const keyMaterialId = (at + 1).toString(16).padStart(64, '0')
    const key = { ...KEY_A, keyId: `key-${String(at).padStart(4, '0')}` }
    return {
      ...key,
      sequence: 0,
      keyMaterialId,
      spec: 'SYMMETRIC_DEFAULT',
      token,
      state: 'CURRENT',
      rotation: null,
      imported: null,
    }
  })
  if (copies.length > 0) await store.commit(copies.map((copy) => insert(materials, copy)))
  await store.close()
  using(file, (driver) => {
    driver.exec(
      `DELETE FROM lookup WHERE name = '${DOMAIN_KEY}'; DROP TABLE reindex; ALTER TABLE record RENAME TO entry`,
    )
    driver.exec('PRAGMA user_version = 1')
  })
  return { file, root }
}

async function indexed(file: string): Promise<Readonly<Record<string, number>>> {
  const store = await sqliteStore({ file })
  const counts: Record<string, number> = {}
  for (const value of await store.values(materials, DOMAIN_KEY)) {
    counts[value] = (await store.idsBy(materials, DOMAIN_KEY, value, { limit: 10_000 })).length
  }
  await store.close()
  return counts
}

const idOfDomainKey = async (file: string): Promise<string> => {
  const store = await sqliteStore({ file })
  const [first] = await store.list(materials, `${KEY_A.account}/${KEY_A.region}/${KEY_A.keyId}/`, { limit: 1 })
  await store.close()
  return domainKeyIdOf(Buffer.from(first?.record.token ?? '', 'base64'))
}

describe('a store that an earlier version wrote', () => {
  it.each([
    ['the SQLite of this Node', openHere],
    ['libsql', openLibsql],
  ])('gets its index at the first opening, 200 rows in a transaction, once, by %s', async (_name, open) => {
    const { file, root } = await formerStore(450)
    const transactions: string[] = []
    const watched = (path: string): SqliteDriver => {
      const driver = open(path)
      const exec = (sql: string) => {
        if (sql.startsWith('BEGIN IMMEDIATE')) transactions.push(sql)
        driver.exec(sql)
      }
      return { ...driver, exec, prepare: (sql) => driver.prepare(sql), close: () => driver.close() }
    }
    const openOnce = async () => {
      transactions.length = 0
      const store = await sqliteStore({ file, open: watched })
      await store.reindex(materials)
      await store.close()
      return transactions.length
    }
    expect(await openOnce()).toBe(1 + 3)
    expect(await openOnce()).toBe(0)
    expect(await indexed(file)).toEqual({ [await idOfDomainKey(file)]: 450 })
    const store = await sqliteStore({ file })
    await openDomain({ store, rootKey: rootKeyFile(root), now })
    await store.close()
  })

  it('is refused by the earlier version from then on, by its schema version, and left alone', async () => {
    const { file } = await formerStore(1)
    await (await sqliteStore({ file })).close()
    using(file, (driver) => {
      const refused = expect.objectContaining({
        code: 'newerSchema',
        message: expect.stringContaining('use a newer bongtu'),
      })
      expect(() => migrate(driver, file, MIGRATIONS.slice(0, 1))).toThrow(refused)
      expect(schemaOf(driver)).toBe(2)
      // A process of the earlier version that opened the store before has statements on the former table.
      expect(() => driver.prepare('SELECT id FROM entry').all([])).toThrow('entry')
    })
  })

  it('of a later version is refused by its schema version, and left alone', async () => {
    const { file } = await formerStore(1)
    await (await sqliteStore({ file })).close()
    using(file, (driver) => driver.exec('PRAGMA user_version = 3'))
    await expect(sqliteStore({ file })).rejects.toMatchObject({ code: 'newerSchema' })
    expect(using(file, schemaOf)).toBe(3)
  })

  it('is indexed once if several processes open it at the same time', async () => {
    const { file } = await formerStore(650)
    const stores = await Promise.all([1, 2, 3].map(() => sqliteStore({ file })))
    await Promise.all(stores.map((store) => store.reindex(materials)))
    await Promise.all(stores.map((store) => store.close()))
    expect(using(file, leftOf)).toEqual([])
    expect(await indexed(file)).toEqual({ [await idOfDomainKey(file)]: 650 })
  })

  it('goes on where it was if a process is killed in the middle of a step, twice', async () => {
    const { file } = await formerStore(650)
    const left = []
    for (const statement of ['450', '100']) {
      const [, signal] = await once(spawnChild('killed-migration.ts', dirname(file), statement), 'exit')
      expect(signal).toBe('SIGKILL')
      left.push(using(file, leftOf)[0]?.after)
    }
    // The first died in its third step, so two are done; the second died in that step again.
    expect(left).toEqual([left[0], left[0]])
    expect(left[0]).toContain('key-0')
    const store = await sqliteStore({ file })
    await store.reindex(materials)
    await store.close()
    expect(await indexed(file)).toEqual({ [await idOfDomainKey(file)]: 650 })
  }, 120_000)

  it.each([
    ['no JSON', () => '{'],
    ['no object', () => 'null'],
    ['of another id', (body: string) => body.replace(KEY_A.keyId, KEY_A.keyId.replace('1', '2'))],
    ['with a token that is no text', (body: string) => JSON.stringify({ ...JSON.parse(body), token: 7 })],
    ['without a token', (body: string) => body.replace('"token"', '"tokem"')],
    [
      'with a material id that no index takes',
      (body: string) => body.replace('"keyMaterialId":"', '"keyMaterialId":"\u0001'),
    ],
  ])('opens although one record is damaged (%s), which the index calls damaged', async (_what, damage) => {
    const { file } = await formerStore(3)
    using(file, (driver) => {
      const where = "WHERE kind = 'material' AND id LIKE ?"
      const id = `%${KEY_A.keyId}%`
      const body = String(driver.prepare(`SELECT body FROM entry ${where}`).get([id])?.body)
      driver.prepare(`UPDATE entry SET body = ? ${where}`).run([damage(body), id])
    })
    const store = await sqliteStore({ file })
    await store.reindex(materials)
    await store.close()
    const counts = await indexed(file)
    expect(counts.damaged).toBe(1)
    expect(Object.values(counts).sort()).toEqual([1, 2])
  })
})
