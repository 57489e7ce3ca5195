import { recordOf } from '../kind.ts'
import type { Entry, Kind } from '../store.ts'
import type { Rows, StoredRow } from './rows.ts'

const MAX_PLACES = 20_000

/** Records in memory, each proved current before it is answered. */
export interface RecordCache {
  get<T extends object>(kind: Kind<T>, id: string): Entry<T> | undefined
  find<T extends object>(kind: Kind<T>, index: string, value: string): Entry<T> | undefined
  /** Something was written through this connection. */
  written(): void
}

interface Cached {
  readonly generation: number
  readonly row: StoredRow
  readonly entry: Entry<object>
}

/**
 * A record is current while neither this connection nor, as PRAGMA data_version tells, another one has written. After a
 * write each record is read again at its next use, and is the same object again where its row is the same.
 */
export function recordCache(rows: Rows): RecordCache {
  const records = new Map<string, Cached>()
  const found = new Map<string, { readonly generation: number; readonly id: string }>()
  let generation = 0
  let dataVersion = rows.dataVersion()

  function validate(): void {
    const seen = rows.dataVersion()
    if (seen === dataVersion) return
    dataVersion = seen
    generation++
  }
  function current<T extends object>(kind: Kind<T>, id: string): Entry<T> | undefined {
    const place = `${kind.name} ${id}`
    const cached = records.get(place)
    if (cached?.generation === generation) return cached.entry as Entry<T>
    records.delete(place)
    const row = rows.get(kind.name, id)
    if (row === undefined) return undefined
    const same = cached?.row.version === row.version && cached.row.body === row.body
    const entry = same ? (cached.entry as Entry<T>) : entryOf(kind, row)
    keep(records, place, { generation, row, entry })
    return entry
  }

  return {
    get: (kind, id) => {
      validate()
      return current(kind, id)
    },
    find: (kind, index, value) => {
      validate()
      const place = `${kind.name} ${index} ${value}`
      const known = found.get(place)
      const id = known?.generation === generation ? known.id : rows.findId(kind.name, index, value)
      if (id === undefined) return undefined
      if (known?.generation !== generation) {
        found.delete(place)
        keep(found, place, { generation, id })
      }
      return current(kind, id)
    },
    written: () => {
      generation++
    },
  }
}

export function entryOf<T extends object>(kind: Kind<T>, { id, version, body }: StoredRow): Entry<T> {
  return Object.freeze({ id, version, record: recordOf<T>(body, kind.name, id) })
}

/** A full cache loses the place that was read from the store longest ago: nothing has to be kept in order on a hit. */
function keep<V>(cache: Map<string, V>, place: string, value: V): void {
  if (cache.size >= MAX_PLACES) {
    const oldest = cache.keys().next()
    if (oldest.done !== true) cache.delete(oldest.value)
  }
  cache.set(place, value)
}
