import { recordOf } from './kind.ts'
import { pageOf } from './page.ts'
import { type Entry, type Kind, type Row, type SnapshotRow, type Store, StoreError, type Write } from './store.ts'

interface Held {
  readonly row: SnapshotRow
  readonly entry: Entry<object>
}

/** The records of one kind. */
interface Shelf {
  readonly byId: Map<string, Held>
  /** By `index\0value`: the id of the record that has the unique value. */
  readonly unique: Map<string, string>
  /** The ids in order; dropped when one comes or goes. */
  order: readonly string[] | undefined
}

/** The store in the memory of one process: nothing outlives it. */
export function memoryStore(): Store {
  const shelves = new Map<string, Shelf>()
  let lastVersion = 0
  let open = true

  function checkOpen(): void {
    if (!open) throw new StoreError('closed', 'the store is closed')
  }
  function shelf(kind: string): Shelf {
    checkOpen()
    const known = shelves.get(kind)
    if (known !== undefined) return known
    const fresh: Shelf = { byId: new Map(), unique: new Map(), order: undefined }
    shelves.set(kind, fresh)
    return fresh
  }
  /** In the order of ids from the first one that `starts`, and every later one does: the entries that match. */
  function inOrder<T extends object>(
    { name }: Kind<T>,
    limit: number,
    starts: (id: string) => boolean,
    matches: (row: Row) => boolean | 'no more',
  ): Entry<T>[] {
    const at = shelf(name)
    const ids = ordered(at)
    const found: Entry<T>[] = []
    for (let i = firstThat(ids, starts); i < ids.length && found.length < limit; i++) {
      const held = at.byId.get(ids[i] ?? '')
      const match = held !== undefined && matches(held.row)
      if (match === 'no more') break
      if (match) found.push(held.entry as Entry<T>)
    }
    return found
  }
  function byDue(kind: string): Held[] {
    const due = (held: Held): number => held.row.due ?? Number.POSITIVE_INFINITY
    const falling = [...shelf(kind).byId.values()].filter((held) => held.row.due !== undefined)
    return falling.sort((a, b) => due(a) - due(b) || (a.row.id < b.row.id ? -1 : 1))
  }
  function put(row: SnapshotRow): void {
    const at = shelf(row.kind)
    if (!at.byId.has(row.id)) at.order = undefined
    const entry = Object.freeze({ id: row.id, version: row.version, record: recordOf(row.body, row.kind, row.id) })
    at.byId.set(row.id, { row, entry })
    for (const place of uniquePlaces(row)) at.unique.set(place, row.id)
  }
  function take(row: Row): void {
    const at = shelf(row.kind)
    at.byId.delete(row.id)
    at.order = undefined
    for (const place of uniquePlaces(row)) at.unique.delete(place)
  }
  /** Applies one write and answers what undoes it. */
  function apply(write: Write): () => void {
    if (write.op === 'unchanged' || write.op === 'remove') {
      const held = expected(shelf(write.kind), write.kind, write.id, write.expected)
      if (write.op === 'unchanged' || held === undefined) return () => {}
      take(held.row)
      return () => put(held.row)
    }
    const { row } = write
    const at = shelf(row.kind)
    if (write.op === 'insert' && at.byId.has(row.id)) throw taken(row.kind, 'id')
    const before = write.op === 'replace' ? expected(at, row.kind, row.id, write.expected) : undefined
    for (const [index, value] of Object.entries(row.unique)) {
      const owner = at.unique.get(`${index}\0${value}`)
      if (owner !== undefined && owner !== row.id) throw taken(row.kind, index)
    }
    if (before !== undefined) take(before.row)
    put({ ...row, version: ++lastVersion })
    return () => {
      take(row)
      if (before !== undefined) put(before.row)
    }
  }

  return {
    get: async <T extends object>(kind: Kind<T>, id: string) =>
      shelf(kind.name).byId.get(id)?.entry as Entry<T> | undefined,
    find: async <T extends object>(kind: Kind<T>, index: string, value: string) => {
      const { byId, unique } = shelf(kind.name)
      return byId.get(unique.get(`${index}\0${value}`) ?? '')?.entry as Entry<T> | undefined
    },
    list: async (kind, prefix, page) => {
      const { after, limit } = pageOf(page)
      const starts = (id: string): boolean => id > after && id >= prefix
      return inOrder(kind, limit, starts, ({ id }) => id.startsWith(prefix) || 'no more')
    },
    listBy: async (kind, index, value, page) => {
      const { after, limit } = pageOf(page)
      const starts = (id: string): boolean => id > after
      return inOrder(kind, limit, starts, ({ indexes }) => indexes[index] === value)
    },
    values: async ({ name }, index) => {
      const values = [...shelf(name).byId.values()].flatMap(({ row }) => row.indexes[index] ?? [])
      return [...new Set(values)].sort()
    },
    idsBy: async (kind, index, value, page) => {
      const { after, limit } = pageOf(page)
      const found = inOrder(
        kind,
        limit,
        (id) => id > after,
        ({ indexes }) => indexes[index] === value,
      )
      return found.map(({ id, version }) => ({ id, version }))
    },
    reindex: async () => checkOpen(),
    due: async <T extends object>(kind: Kind<T>, time: number, limit: number) =>
      byDue(kind.name)
        .filter(({ row }) => (row.due ?? 0) <= time)
        .slice(0, pageOf({ limit }).limit)
        .map(({ entry }) => entry as Entry<T>),
    nextDue: async (kind) => byDue(kind.name)[0]?.row.due,
    commit: async (writes) => {
      const undo: (() => void)[] = []
      try {
        for (const write of writes) undo.push(apply(write))
      } catch (error) {
        for (const step of undo.reverse()) step()
        throw error
      }
    },
    snapshot: async () => {
      checkOpen()
      return [...shelves.keys()].sort().flatMap((kind) => {
        const at = shelf(kind)
        return ordered(at).flatMap((id) => at.byId.get(id)?.row ?? [])
      })
    },
    restore: async (rows) => {
      checkOpen()
      if ([...shelves.values()].some(({ byId }) => byId.size > 0)) {
        throw new StoreError('exists', 'the store holds data already: restore into an empty store')
      }
      for (const row of rows) {
        put(row)
        lastVersion = Math.max(lastVersion, row.version)
      }
    },
    close: async () => {
      open = false
      shelves.clear()
    },
  }
}

function ordered(at: Shelf): readonly string[] {
  at.order ??= [...at.byId.keys()].sort()
  return at.order
}

/** Where in ids in order the first stands that `starts`, by halving. */
function firstThat(ids: readonly string[], starts: (id: string) => boolean): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (starts(ids[middle] ?? '')) high = middle
    else low = middle + 1
  }
  return low
}

function uniquePlaces(row: Row): string[] {
  return Object.entries(row.unique).map(([index, value]) => `${index}\0${value}`)
}

function expected(at: Shelf, kind: string, id: string, version: number): Held | undefined {
  const held = at.byId.get(id)
  if ((held?.row.version ?? 0) !== version) {
    throw new StoreError('conflict', `the ${kind} ${id} changed after it was read`)
  }
  return held
}

function taken(kind: string, index: string): StoreError {
  return new StoreError('exists', `there is a ${kind} with this ${index} already`, { index })
}
