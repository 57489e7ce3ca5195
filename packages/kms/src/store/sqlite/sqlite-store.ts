import { open } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { pageOf } from '../page.ts'
import { type Entry, type Kind, type Store, StoreError } from '../store.ts'
import type { OpenSqlite, SqliteDriver } from './driver.ts'
import { emptyingLog } from './empty-log.ts'
import { isBusy, storeFailure } from './failure.ts'
import { groupCommit } from './group-commit.ts'
import { entryOf, recordCache } from './record-cache.ts'
import { reindex } from './reindex.ts'
import { type StoredRow, sqliteRows } from './rows.ts'
import { migrate } from './schema.ts'
import { sqliteOfThisNode } from './this-node.ts'
import { transaction } from './transaction.ts'

const BUSY_TIMEOUT = 10_000

export interface SqliteStoreOptions {
  /** The database file. Made, with mode 0600, where it is absent; its folder must exist. */
  readonly file: string
  /** Which binding of SQLite; by default the one that fits this Node. */
  readonly open?: OpenSqlite
  /** How long a write waits for another process before it fails with `busy`, in milliseconds; 10,000 unless said. */
  readonly busyTimeout?: number
}

/**
 * The store in one SQLite file, for any number of processes on one machine: write-ahead log, synchronous=FULL, and one
 * transaction for all commits of one turn of the event loop.
 */
export async function sqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { file, busyTimeout = BUSY_TIMEOUT } = options
  try {
    await createPrivately(file)
    const driver = (options.open ?? (await sqliteOfThisNode()))(file)
    try {
      await prepare(driver, file, busyTimeout)
      return storeOn(driver, file, busyTimeout)
    } catch (error) {
      driver.close()
      throw error
    }
  } catch (error) {
    throw storeFailure(file, error)
  }
}

/** SQLite gives the files beside it the same mode. */
async function createPrivately(file: string): Promise<void> {
  const handle = await open(file, 'a', 0o600)
  await handle.close()
}

/** Several processes may come here at once: SQLite does not wait by itself while one of them switches the journal mode. */
async function prepare(driver: SqliteDriver, file: string, busyTimeout: number): Promise<void> {
  const deadline = Date.now() + busyTimeout
  for (let pause = 1; ; pause = Math.min(pause * 2, 100)) {
    try {
      driver.exec(`PRAGMA busy_timeout = ${busyTimeout}`)
      writeAhead(driver, file)
      driver.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1')
      driver.exec('PRAGMA secure_delete = ON')
      migrate(driver, file)
      return
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error
      await delay(pause)
    }
  }
}

function writeAhead(driver: SqliteDriver, file: string): void {
  const mode = driver.prepare('PRAGMA journal_mode = WAL').get([])?.journal_mode
  if (mode !== 'wal') throw new StoreError('failed', `${file}: its file system does not carry a write-ahead log`)
}

function storeOn(driver: SqliteDriver, file: string, busyTimeout: number): Store {
  const failed = (error: unknown): unknown => storeFailure(file, error)
  const rows = sqliteRows(driver)
  const cache = recordCache(rows)
  const emptyLog = emptyingLog(driver, busyTimeout)
  /** Whether the log holds what is to be gone: tried again after the next commit, and when the store is closed. */
  let owed = false
  const committed = (forgets: boolean): void => {
    cache.written()
    owed = (owed || forgets) && !emptyLog()
  }
  const commits = groupCommit({ driver, rows, committed, failed })
  let open = true

  function reading<R>(read: () => R): R {
    if (!open) throw new StoreError('closed', `${file}: the store is closed`)
    try {
      return read()
    } catch (error) {
      throw failed(error)
    }
  }
  function entries<T extends object>(kind: Kind<T>, read: () => readonly StoredRow[]): readonly Entry<T>[] {
    return reading(() => read().map((row) => entryOf(kind, row)))
  }

  return {
    get: async (kind, id) => reading(() => cache.get(kind, id)),
    find: async (kind, index, value) => reading(() => cache.find(kind, index, value)),
    list: async (kind, prefix, page) => {
      const { after, limit } = pageOf(page)
      return entries(kind, () => rows.list(kind.name, prefix, after, limit))
    },
    listBy: async (kind, index, value, page) => {
      const { after, limit } = pageOf(page)
      return entries(kind, () => rows.listBy(kind.name, index, value, after, limit))
    },
    values: async (kind, index) => reading(() => rows.values(kind.name, index)),
    idsBy: async (kind, index, value, page) => {
      const { after, limit } = pageOf(page)
      return reading(() => rows.idsBy(kind.name, index, value, after, limit))
    },
    reindex: async (kind) => {
      await reindex(driver, rows, kind).catch((error: unknown) => {
        throw failed(error)
      })
      cache.written()
    },
    due: async (kind, time, limit) => entries(kind, () => rows.due(kind.name, time, pageOf({ limit }).limit)),
    nextDue: async (kind) => reading(() => rows.nextDue(kind.name)),
    commit: async (writes) => {
      if (!open) throw new StoreError('closed', `${file}: the store is closed`)
      return commits.commit(writes)
    },
    snapshot: async () => reading(() => transaction(driver, 'reading', rows.snapshot)),
    restore: async (snapshot) =>
      reading(() => {
        transaction(driver, 'writing', () => {
          if (!rows.isEmpty()) throw new StoreError('exists', `${file} holds data already: restore into an empty store`)
          for (const row of snapshot) rows.restore(row)
          rows.setLastVersion(snapshot.reduce((last, { version }) => Math.max(last, version), rows.lastVersion()))
        })
        cache.written()
      }),
    close: async () => {
      if (!open) return
      open = false
      commits.flush()
      if (owed) emptyLog()
      driver.close()
    },
  }
}
