import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { insert, remove, replace } from '../../src/store/kind.ts'
import { type OpenSqlite, type SqliteDriver, SqliteError } from '../../src/store/sqlite/driver.ts'
import { storeFailure } from '../../src/store/sqlite/failure.ts'
import { openLibsql } from '../../src/store/sqlite/libsql.ts'
import { MIGRATIONS, migrate } from '../../src/store/sqlite/schema.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { sqliteOfThisNode } from '../../src/store/sqlite/this-node.ts'
import type { Kind } from '../../src/store/store.ts'
import { StoreError } from '../../src/store/store.ts'
import { refusal } from './conformance.ts'
import { temporaryFolder } from './folder.ts'

const notes: Kind<{ readonly id: string; readonly text?: string }> = { name: 'note', id: (note) => note.id }
const secrets: typeof notes = { ...notes, name: 'secret', forgets: true }
const openHere = await sqliteOfThisNode()

const filesBeside = (file: string) => readdirSync(dirname(file)).map((name) => readFileSync(join(dirname(file), name)))

/** A store whose connection the test can reach. */
async function reachable(open: OpenSqlite, options: { busyTimeout?: number } = {}) {
  const file = join(temporaryFolder(), 'store.db')
  const drivers: SqliteDriver[] = []
  const store = await sqliteStore({
    file,
    ...options,
    open: (path) => {
      const driver = open(path)
      drivers.push(driver)
      return driver
    },
  })
  const [driver] = drivers
  if (driver === undefined) throw new Error('no connection')
  return { file, store, driver }
}

describe.each([
  ['the SQLite of this Node', openHere],
  ['libsql', openLibsql],
] as const)('trouble with the file, by %s', (_name, open) => {
  it('a full disk fails what does not fit, keeps what does, and loses nothing', async () => {
    const { file, store, driver } = await reachable(open)
    await store.commit([insert(notes, { id: 'old' })])
    driver.exec('PRAGMA max_page_count = 40')
    const large = (id: string) => store.commit([insert(notes, { id, text: 'x'.repeat(300_000) })])
    const results = await Promise.allSettled([
      store.commit([insert(notes, { id: 'before' })]),
      large('large'),
      store.commit([insert(notes, { id: 'after' })]),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await refusal(large('large'))).toEqual(['full', undefined])
    expect((await store.list(notes, '', { limit: 9 })).map(({ id }) => id)).toEqual(['after', 'before', 'old'])
    expect((await store.snapshot()).length).toBe(3)
    driver.exec('PRAGMA max_page_count = 100000')
    await large('large')
    await store.close()
    const again = await sqliteStore({ file, open })
    expect((await again.get(notes, 'large'))?.record.text?.length).toBe(300_000)
    await again.close()
  })

  it('a store that can only be read says so, and goes on answering reads', async () => {
    const { store, driver } = await reachable(open)
    await store.commit([insert(notes, { id: 'old' })])
    driver.exec('PRAGMA query_only = 1')
    const version = (await store.get(notes, 'old'))?.version ?? 0
    expect(await refusal(store.commit([insert(notes, { id: 'new' })]))).toEqual(['readOnly', undefined])
    expect(await refusal(store.commit([replace(notes, { id: 'old', text: 'x' }, version)]))).toEqual([
      'readOnly',
      undefined,
    ])
    expect((await store.list(notes, '', { limit: 9 })).map(({ id }) => id)).toEqual(['old'])
    expect((await store.snapshot()).length).toBe(1)
    driver.exec('PRAGMA query_only = 0')
    await store.commit([insert(notes, { id: 'new' })])
    await store.close()
  })

  it('a store that another process holds for too long says so, and works when that is done', async () => {
    const { file, store } = await reachable(open, { busyTimeout: 1 })
    const other = open(file)
    other.exec('BEGIN IMMEDIATE')
    expect(await refusal(store.commit([insert(notes, { id: 'a' })]))).toEqual(['busy', undefined])
    expect(await store.get(notes, 'a')).toBeUndefined()
    other.exec('ROLLBACK')
    other.close()
    await store.commit([insert(notes, { id: 'a' })])
    expect((await store.get(notes, 'a'))?.id).toBe('a')
    await store.close()
  })

  it('refuses a file that is no database, and one of another application', async () => {
    const folder = temporaryFolder()
    const rubbish = join(folder, 'rubbish.db')
    writeFileSync(rubbish, 'x'.repeat(5000))
    expect(await refusal(sqliteStore({ file: rubbish, open }))).toEqual(['damaged', undefined])
    const foreign = join(folder, 'foreign.db')
    const driver = open(foreign)
    driver.exec('CREATE TABLE addresses (name TEXT)')
    driver.close()
    expect(await refusal(sqliteStore({ file: foreign, open }))).toEqual(['damaged', undefined])
  })

  it('takes a store that another process founds while it looks whose the file is', async () => {
    const file = join(temporaryFolder(), 'store.db')
    let looks = 0
    const founded = await sqliteStore({
      file,
      open: (path) => {
        const driver = open(path)
        const prepare = (sql: string) => {
          const statement = driver.prepare(sql)
          if (!/application_id|sqlite_master/.test(sql)) return statement
          return {
            ...statement,
            get: () => {
              const answer = statement.get([])
              if (++looks === 1) {
                const other = open(path)
                migrate(other, path)
                other.close()
              }
              return answer
            },
          }
        }
        return { ...driver, prepare }
      },
    })
    expect(looks).toBe(2)
    await founded.commit([insert(notes, { id: 'a' })])
    await founded.close()
  })

  it('refuses a newer schema, and leaves it as it is', async () => {
    const { file, store, driver } = await reachable(open)
    driver.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`)
    await store.close()
    expect(await refusal(sqliteStore({ file, open }))).toEqual(['newerSchema', undefined])
  })

  it('brings an older schema up to date, step by step, and keeps the records', async () => {
    const { file, store } = await reachable(open)
    await store.commit([insert(notes, { id: 'old' })])
    await store.close()
    const driver = open(file)
    const later = [...MIGRATIONS, 'CREATE TABLE extra (x TEXT)', 'INSERT INTO extra VALUES (1)']
    migrate(driver, file, later)
    migrate(driver, file, later)
    expect(driver.prepare('SELECT count(*) AS n FROM extra').get([])?.n).toBe(1)
    expect(driver.prepare('SELECT id FROM record').all([]).length).toBe(1)
    const broken = [...later, 'CREATE TABLE half (x TEXT); SELECT nonsense FROM nowhere']
    expect(() => migrate(driver, file, broken)).toThrow()
    expect(driver.prepare("SELECT name FROM sqlite_master WHERE name = 'half'").get([])).toBeUndefined()
    driver.close()
  })

  it('says where the folder is missing', async () => {
    const file = join(temporaryFolder(), 'absent', 'store.db')
    await expect(sqliteStore({ file, open })).rejects.toMatchObject({ code: 'ENOENT' })
    expect(existsSync(file)).toBe(false)
  })

  it.runIf(process.platform !== 'win32')('makes its files readable by their owner alone', async () => {
    const { file, store } = await reachable(open)
    await store.commit([insert(notes, { id: 'a' })])
    for (const name of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(name).mode & 0o777).toBe(0o600)
    await store.close()
  })

  it('writes ahead and syncs every commit', async () => {
    const { store, driver } = await reachable(open)
    expect(driver.prepare('PRAGMA journal_mode').get([])?.journal_mode).toBe('wal')
    expect(driver.prepare('PRAGMA synchronous').get([])?.synchronous).toBe(2)
    await store.close()
  })

  it('what is to be gone is in no file when it was replaced or removed', async () => {
    const { file, store } = await reachable(open)
    const found = (text: string) => filesBeside(file).some((bytes) => bytes.includes(text))
    const id = (n: number) => `s${n}`
    // Short enough to stand in a page with others, and long enough to take pages of its own.
    for (const [n, repeat] of [1, 600].entries()) {
      const [first, second] = [`first-${n}-`.repeat(repeat), `second-${n}-`.repeat(repeat)]
      await store.commit([insert(secrets, { id: id(n), text: first })])
      expect(found(`first-${n}-`)).toBe(true)
      const { version = 0 } = (await store.get(secrets, id(n))) ?? {}
      await store.commit([replace(secrets, { id: id(n), text: second }, version)])
      expect([found(`first-${n}-`), found(`second-${n}-`)]).toEqual([false, true])
      const { version: last = 0 } = (await store.get(secrets, id(n))) ?? {}
      await store.commit([remove(secrets, id(n), last)])
      expect(found(`second-${n}-`)).toBe(false)
    }
    await store.close()
  })

  it('what is to be gone goes later where another process reads, and nobody waits', async () => {
    const { file, store } = await reachable(open)
    const found = () => filesBeside(file).some((bytes) => bytes.includes('first-'))
    await store.commit([insert(secrets, { id: 's', text: 'first-' })])
    const reader = open(file)
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) AS n FROM record').get([])
    const { version = 0 } = (await store.get(secrets, 's')) ?? {}
    await store.commit([remove(secrets, 's', version)])
    expect(found()).toBe(true)
    reader.exec('COMMIT')
    await store.commit([insert(notes, { id: 'another' })])
    expect(found()).toBe(false)
    reader.close()
    await store.close()
  })

  it('reading writes nothing', async () => {
    const { store, driver } = await reachable(open)
    await store.commit([insert(notes, { id: 'a' })])
    const changes = () => driver.prepare('SELECT total_changes() AS n').get([])?.n
    const before = changes()
    await store.get(notes, 'a')
    await store.list(notes, '', { limit: 9 })
    await store.snapshot()
    expect(changes()).toBe(before)
    await store.close()
  })
})

describe('failures in the words of the store', () => {
  it.each([
    ['SQLITE_FULL', 13, 'full'],
    ['SQLITE_IOERR_SHMSIZE', 4874, 'full'],
    ['SQLITE_READONLY_DIRECTORY', 1544, 'readOnly'],
    ['SQLITE_BUSY_SNAPSHOT', 517, 'busy'],
    ['SQLITE_LOCKED', 6, 'busy'],
    ['SQLITE_CORRUPT_VTAB', 267, 'damaged'],
    ['SQLITE_NOTADB', 26, 'damaged'],
    ['SQLITE_IOERR_WRITE', 778, 'failed'],
  ])('%s is %s → %s', (_name, code, meaning) => {
    const failure = storeFailure('store.db', new SqliteError(code, 'words of SQLite', undefined))
    expect(failure).toBeInstanceOf(StoreError)
    expect(failure).toMatchObject({ code: meaning })
  })

  it.each([
    ['EACCES', 'readOnly'],
    ['EROFS', 'readOnly'],
    ['EPERM', 'readOnly'],
    ['ENOSPC', 'full'],
  ])('%s is %s', (code, meaning) => {
    expect(storeFailure('store.db', Object.assign(new Error('words'), { code }))).toMatchObject({ code: meaning })
  })

  it('what it does not know stays as it is', () => {
    const error = new TypeError('something else')
    expect(storeFailure('store.db', error)).toBe(error)
  })
})
