import { insert, remove, replace, unchanged } from './kind.ts'
import { type Kind, type Store, StoreError, type Write } from './store.ts'

/** Reads and writes that happen together or not at all. */
export interface Transaction {
  /** The record, or `undefined`. The commit fails, and the body runs again, if it changes meanwhile. */
  get<T extends object>(kind: Kind<T>, id: string): Promise<T | undefined>
  /** As `get`, by a unique index. A record that appears later is noticed where this transaction inserts the same value. */
  find<T extends object>(kind: Kind<T>, index: string, value: string): Promise<T | undefined>
  /** A new record: `exists` where its id or a unique value is taken by a record that the body could not see. */
  insert<T extends object>(kind: Kind<T>, record: T): void
  /** Replaces a record that this transaction read. */
  replace<T extends object>(kind: Kind<T>, record: T): void
  /** Removes a record that this transaction read. */
  remove<T extends object>(kind: Kind<T>, id: string): void
}

const ATTEMPTS = 64

/**
 * Runs `body` and commits what it wrote, on the condition that nothing it read has changed. It runs again, from the
 * start, when something has; so it must do nothing that may not be done twice. A throw of `body` writes nothing.
 *
 * A taken id or unique value also runs it again once, so that a body which looks first sees the record that came
 * between and decides for itself; one that does not look gets the `exists`.
 */
export async function transact<R>(store: Store, body: (transaction: Transaction) => Promise<R>): Promise<R> {
  let taken = 0
  for (let attempt = 1; ; attempt++) {
    const { transaction, writes } = begin(store)
    const result = await body(transaction)
    try {
      await store.commit(writes())
      return result
    } catch (error) {
      if (!(error instanceof StoreError) || attempt === ATTEMPTS) throw error
      if (error.code === 'exists') taken++
      if (error.code !== 'conflict' && (error.code !== 'exists' || taken > 1)) throw error
    }
  }
}

function begin(store: Store): { transaction: Transaction; writes: () => Write[] } {
  const read = new Map<string, { version: number; check: Write }>()
  const written = new Set<string>()
  const writes: Write[] = []

  function remember<T extends object>(kind: Kind<T>, id: string, version: number): void {
    const place = `${kind.name} ${id}`
    if (!read.has(place)) read.set(place, { version, check: unchanged(kind, id, version) })
  }
  function versionOf<T extends object>(kind: Kind<T>, id: string): number {
    const place = `${kind.name} ${id}`
    const version = read.get(place)?.version
    if (version === undefined || version === 0) {
      throw new TypeError(`the transaction did not read the ${kind.name} ${id} that it writes`)
    }
    if (written.has(place)) throw new TypeError(`the transaction writes the ${kind.name} ${id} twice`)
    written.add(place)
    return version
  }

  const transaction: Transaction = {
    async get(kind, id) {
      const entry = await store.get(kind, id)
      remember(kind, id, entry?.version ?? 0)
      return entry?.record
    },
    async find(kind, index, value) {
      const entry = await store.find(kind, index, value)
      if (entry !== undefined) remember(kind, entry.id, entry.version)
      return entry?.record
    },
    insert(kind, record) {
      written.add(`${kind.name} ${kind.id(record)}`)
      writes.push(insert(kind, record))
    },
    replace(kind, record) {
      writes.push(replace(kind, record, versionOf(kind, kind.id(record))))
    },
    remove(kind, id) {
      writes.push(remove(kind, id, versionOf(kind, id)))
    },
  }
  return {
    transaction,
    writes: () => {
      const checks = [...read].filter(([place]) => !written.has(place)).map(([, { check }]) => check)
      return writes.length === 0 ? [] : [...checks, ...writes]
    },
  }
}
