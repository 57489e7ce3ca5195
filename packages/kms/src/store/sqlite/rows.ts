import { type Row, type SnapshotRow, StoreError, type Write } from '../store.ts'
import type { SqliteDriver } from './driver.ts'

export interface StoredRow {
  readonly id: string
  readonly version: number
  readonly body: string
}

export interface IdAndVersion {
  readonly id: string
  readonly version: number
}

/** The statements of the store, each a call. All writes run inside a transaction that the caller began. */
export interface Rows {
  /** The distinct values of a plain index, in order. */
  values(kind: string, index: string): readonly string[]
  idsBy(kind: string, index: string, value: string, after: string, limit: number): readonly IdAndVersion[]
  /** Gives a stored record a value in a plain index, and leaves its other values. */
  index(kind: string, id: string, name: string, value: string): void
  /** Changes when another connection committed since it was asked last. */
  dataVersion(): number
  get(kind: string, id: string): StoredRow | undefined
  findId(kind: string, index: string, value: string): string | undefined
  list(kind: string, prefix: string, after: string, limit: number): readonly StoredRow[]
  listBy(kind: string, index: string, value: string, after: string, limit: number): readonly StoredRow[]
  due(kind: string, time: number, limit: number): readonly StoredRow[]
  nextDue(kind: string): number | undefined
  lastVersion(): number
  setLastVersion(version: number): void
  /** Throws StoreError `exists` or `conflict`. */
  apply(write: Write, version: number): void
  snapshot(): SnapshotRow[]
  restore(row: SnapshotRow): void
  isEmpty(): boolean
}

const COLUMNS = 'record.id AS id, version, body'

export function sqliteRows(driver: SqliteDriver): Rows {
  const q = prepare(driver)

  function findId(kind: string, index: string, value: string): string | undefined {
    const id = q.owner.get([kind, index, value])?.id
    return id === undefined ? undefined : String(id)
  }
  function insertRow(row: Row, version: number): void {
    q.insert.run([row.kind, row.id, version, row.body, row.due ?? null])
    for (const { name, value, unique } of lookupsOf(row)) q.index.run([row.kind, name, value, row.id, unique])
  }
  function checkUnique(row: Row): void {
    for (const { name, value, unique } of lookupsOf(row)) {
      if (unique === 0) continue
      const owner = findId(row.kind, name, value)
      if (owner !== undefined && owner !== row.id) throw taken(row.kind, name)
    }
  }
  function reindex(row: Row): void {
    const wanted = lookupsOf(row).map(({ name, value, unique }) => JSON.stringify([name, value, unique]))
    const present = q.lookups.all([row.kind, row.id])
    const same = present.map((at) => JSON.stringify([at.name, at.value, at.is_unique]))
    if (same.length === wanted.length && wanted.every((lookup) => same.includes(lookup))) return
    q.unindex.run([row.kind, row.id])
    for (const { name, value, unique } of lookupsOf(row)) q.index.run([row.kind, name, value, row.id, unique])
  }
  function expectVersion(kind: string, id: string, expected: number): void {
    if (Number(q.version.get([kind, id])?.version ?? 0) !== expected) throw changed(kind, id)
  }

  return {
    dataVersion: () => Number(q.dataVersion.get([])?.data_version),
    get: (kind, id) => stored(q.get.get([kind, id])),
    findId,
    list: (kind, prefix, after, limit) =>
      after >= prefix
        ? q.listAfter.all([kind, after, behind(prefix), limit]).map(row)
        : q.list.all([kind, prefix, behind(prefix), limit]).map(row),
    listBy: (kind, index, value, after, limit) => q.listBy.all([kind, index, value, after, limit]).map(row),
    values: (kind, index) => {
      const values: string[] = []
      for (let last = ''; ; ) {
        // One step in the index for each value, however many records share it.
        const found = q.nextValue.get([kind, index, last])?.value
        if (found === undefined) return values
        last = String(found)
        values.push(last)
      }
    },
    idsBy: (kind, index, value, after, limit) =>
      q.idsBy
        .all([kind, index, value, after, limit])
        .map(({ id, version }) => ({ id: String(id), version: Number(version) })),
    index: (kind, id, name, value) => void q.reindexOne.run([kind, name, value, id]),
    due: (kind, time, limit) => q.due.all([kind, time, limit]).map(row),
    nextDue: (kind) => {
      const due = q.nextDue.get([kind])?.due
      return typeof due === 'number' ? due : undefined
    },
    lastVersion: () => Number(q.lastVersion.get([])?.last_version),
    setLastVersion: (version) => void q.setLastVersion.run([version]),
    apply: (write, version) => {
      if (write.op === 'insert') {
        if (q.version.get([write.row.kind, write.row.id]) !== undefined) throw taken(write.row.kind, 'id')
        checkUnique(write.row)
        insertRow(write.row, version)
      } else if (write.op === 'replace') {
        const { kind, id, body, due } = write.row
        expectVersion(kind, id, write.expected)
        checkUnique(write.row)
        q.update.run([version, body, due ?? null, kind, id])
        reindex(write.row)
      } else {
        expectVersion(write.kind, write.id, write.expected)
        if (write.op === 'unchanged') return
        q.remove.run([write.kind, write.id])
        q.unindex.run([write.kind, write.id])
      }
    },
    snapshot: () => {
      const lookups = new Map<string, Readonly<Record<string, unknown>>[]>()
      for (const lookup of q.allLookups.all([])) {
        const place = `${lookup.kind} ${lookup.id}`
        lookups.set(place, [...(lookups.get(place) ?? []), lookup])
      }
      return q.all.all([]).map((entry) => snapshotRow(entry, lookups.get(`${entry.kind} ${entry.id}`) ?? []))
    },
    restore: (row) => insertRow(row, row.version),
    isEmpty: () => q.any.get([]) === undefined,
  }
}

function prepare(driver: SqliteDriver) {
  const by = 'FROM lookup JOIN record ON record.kind = lookup.kind AND record.id = lookup.id'
  return {
    dataVersion: driver.prepare('PRAGMA data_version'),
    get: driver.prepare(`SELECT ${COLUMNS} FROM record WHERE kind = ? AND id = ?`),
    list: driver.prepare(`SELECT ${COLUMNS} FROM record WHERE kind = ? AND id >= ? AND id < ? ORDER BY id LIMIT ?`),
    listAfter: driver.prepare(`SELECT ${COLUMNS} FROM record WHERE kind = ? AND id > ? AND id < ? ORDER BY id LIMIT ?`),
    listBy: driver.prepare(
      `SELECT ${COLUMNS} ${by} WHERE lookup.kind = ? AND name = ? AND value = ? AND is_unique = 0 AND lookup.id > ?
       ORDER BY lookup.id LIMIT ?`,
    ),
    nextValue: driver.prepare(
      'SELECT value FROM lookup WHERE kind = ? AND name = ? AND value > ? AND is_unique = 0 ORDER BY value LIMIT 1',
    ),
    idsBy: driver.prepare(
      `SELECT record.id AS id, version ${by} WHERE lookup.kind = ? AND name = ? AND value = ? AND is_unique = 0
       AND lookup.id > ? ORDER BY lookup.id LIMIT ?`,
    ),
    due: driver.prepare(`SELECT ${COLUMNS} FROM record WHERE kind = ? AND due <= ? ORDER BY due, id LIMIT ?`),
    nextDue: driver.prepare('SELECT min(due) AS due FROM record WHERE kind = ? AND due IS NOT NULL'),
    lastVersion: driver.prepare('SELECT last_version FROM counter'),
    setLastVersion: driver.prepare('UPDATE counter SET last_version = ?'),
    version: driver.prepare('SELECT version FROM record WHERE kind = ? AND id = ?'),
    owner: driver.prepare('SELECT id FROM lookup WHERE kind = ? AND name = ? AND value = ? AND is_unique = 1'),
    lookups: driver.prepare('SELECT name, value, is_unique FROM lookup WHERE kind = ? AND id = ?'),
    insert: driver.prepare('INSERT INTO record (kind, id, version, body, due) VALUES (?, ?, ?, ?, ?)'),
    index: driver.prepare('INSERT INTO lookup (kind, name, value, id, is_unique) VALUES (?, ?, ?, ?, ?)'),
    reindexOne: driver.prepare(
      'INSERT OR REPLACE INTO lookup (kind, name, value, id, is_unique) VALUES (?, ?, ?, ?, 0)',
    ),
    update: driver.prepare('UPDATE record SET version = ?, body = ?, due = ? WHERE kind = ? AND id = ?'),
    unindex: driver.prepare('DELETE FROM lookup WHERE kind = ? AND id = ?'),
    remove: driver.prepare('DELETE FROM record WHERE kind = ? AND id = ?'),
    all: driver.prepare('SELECT kind, id, version, body, due FROM record ORDER BY kind, id'),
    allLookups: driver.prepare('SELECT kind, name, value, id, is_unique FROM lookup'),
    any: driver.prepare('SELECT 1 AS one FROM record LIMIT 1'),
  }
}

function lookupsOf({ unique, indexes }: Row): { name: string; value: string; unique: 0 | 1 }[] {
  return [
    ...Object.entries(unique).map(([name, value]) => ({ name, value, unique: 1 as const })),
    ...Object.entries(indexes).map(([name, value]) => ({ name, value, unique: 0 as const })),
  ]
}

/** The first text behind all that start with `prefix`: ids are ASCII. */
function behind(prefix: string): string {
  return `${prefix}\x7f`
}

function stored(found: Readonly<Record<string, unknown>> | undefined): StoredRow | undefined {
  return found === undefined ? undefined : row(found)
}

function row(found: Readonly<Record<string, unknown>>): StoredRow {
  return { id: String(found.id), version: Number(found.version), body: String(found.body) }
}

function snapshotRow(
  entry: Readonly<Record<string, unknown>>,
  lookups: readonly Readonly<Record<string, unknown>>[],
): SnapshotRow {
  const values = (unique: 0 | 1): Record<string, string> =>
    Object.fromEntries(lookups.filter((at) => at.is_unique === unique).map((at) => [String(at.name), String(at.value)]))
  return {
    ...row(entry),
    kind: String(entry.kind),
    due: typeof entry.due === 'number' ? entry.due : undefined,
    unique: values(1),
    indexes: values(0),
  }
}

function taken(kind: string, index: string): StoreError {
  return new StoreError('exists', `there is a ${kind} with this ${index} already`, { index })
}

function changed(kind: string, id: string): StoreError {
  return new StoreError('conflict', `the ${kind} ${id} changed after it was read`)
}
