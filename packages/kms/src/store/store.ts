/**
 * The store: what the KMS keeps between calls, and how several processes share it.
 *
 * Decisions that callers may rely on:
 *
 * - **A store knows no key, alias or policy.** It keeps records of *kinds*. A kind says where a record stands (its id),
 *   by what else it is found (unique and plain indexes) and when it falls due. Whoever needs a record declares a kind
 *   with `Kind<T>`; memory, SQLite and later PostgreSQL need not change.
 * - **Records are JSON data** (no `undefined`, no bytes: write base64), at most 1 MiB as JSON. What a read answers is
 *   frozen. `get` and `find` answer the same object again while a record that is much in use is unchanged, so derived values
 *   may be kept in a `WeakMap` by record.
 * - **Reads show every write that any process committed before they were called.** Hot records are kept in memory and
 *   validated by one cheap check per read. Reading writes nothing.
 * - **Writing is optimistic.** `commit` takes a list of writes, each with the version that its writer read, and applies
 *   all or none. Nothing is held open between a read and a commit, so an HSM call may stand between them. `transact`
 *   wraps the loop of read, decide, commit, and again on a conflict.
 * - **A resolved `commit` is durable**: it survives a killed process and, as far as the disk keeps its promises, a power
 *   loss. Commits of one turn of the event loop share one transaction, and yet each succeeds or fails by itself.
 * - **Failures are `StoreError`s told apart by `code`**, and a failed commit has changed nothing.
 */

/** How records of one kind are found. All functions must depend on the record alone. */
export interface Kind<T extends object> {
  /** Part of the stored data: never rename one. */
  readonly name: string
  /**
   * Unique within the kind, 1 to 512 characters of printable ASCII; `list` is ordered by it, byte by byte, and pages by
   * its prefixes, so write `account/region/…`.
   */
  id(record: T): string
  /** By name: a value that at most one record of the kind has, or `undefined` where this record is not in the index. */
  readonly unique?: Readonly<Record<string, (record: T) => string | undefined>>
  /** By name: a value that many records may share. */
  readonly indexes?: Readonly<Record<string, (record: T) => string | undefined>>
  /** When something must be done about this record, in milliseconds since 1970; `undefined` for never. */
  due?(record: T): number | undefined
  /**
   * What a record held is to be gone from the storage once it is replaced or removed: overwritten, and not merely let go
   * of. As soon as no other process reads, and as far as the storage can.
   */
  readonly forgets?: boolean
}

/** A stored record. */
export interface Entry<T> {
  readonly id: string
  /** A number that no other state of any record of the store has or had; 1 or more, and it grows. */
  readonly version: number
  readonly record: T
}

/** Where a page starts and ends. */
export interface Page {
  /** Only ids behind this one, which need not exist any more: the cursor is the last id of the page before. */
  readonly after?: string
  /** At most so many entries. */
  readonly limit: number
}

/** One write of a commit. Make them with `insert`, `replace`, `remove` and `unchanged`. */
export type Write =
  | { readonly op: 'insert'; readonly row: Row }
  | { readonly op: 'replace'; readonly row: Row; readonly expected: number; readonly forgets: boolean }
  | {
      readonly op: 'remove'
      readonly kind: string
      readonly id: string
      readonly expected: number
      readonly forgets: boolean
    }
  | { readonly op: 'unchanged'; readonly kind: string; readonly id: string; readonly expected: number }

/** A record as stores write it. */
export interface Row {
  readonly kind: string
  readonly id: string
  /** JSON text. */
  readonly body: string
  readonly due: number | undefined
  readonly unique: Readonly<Record<string, string>>
  readonly indexes: Readonly<Record<string, string>>
}

export interface Store {
  get<T extends object>(kind: Kind<T>, id: string): Promise<Entry<T> | undefined>
  /** The record whose unique index `index` has this value. */
  find<T extends object>(kind: Kind<T>, index: string, value: string): Promise<Entry<T> | undefined>
  /** Entries whose id starts with `prefix`, in the order of their ids. */
  list<T extends object>(kind: Kind<T>, prefix: string, page: Page): Promise<readonly Entry<T>[]>
  /** Entries whose plain index `index` has this value, in the order of their ids. */
  listBy<T extends object>(kind: Kind<T>, index: string, value: string, page: Page): Promise<readonly Entry<T>[]>
  /** The distinct values that records have in a plain index, in order. Costs a step per value, not per record. */
  values<T extends object>(kind: Kind<T>, index: string): Promise<readonly string[]>
  /** As `listBy`, without the records: it finds those that cannot be read, too. */
  idsBy<T extends object>(
    kind: Kind<T>,
    index: string,
    value: string,
    page: Page,
  ): Promise<readonly Omit<Entry<T>, 'record'>[]>
  /**
   * Brings the indexes of records that an earlier version wrote up to `kind`. Once for a store, by any process; a process that is
   * killed meanwhile leaves the rest to the next one.
   */
  reindex<T extends object>(kind: Kind<T>): Promise<void>
  /** Entries due at or before `time`, the longest due first. */
  due<T extends object>(kind: Kind<T>, time: number, limit: number): Promise<readonly Entry<T>[]>
  /** When the next entry of the kind falls due; `undefined` where none does. */
  nextDue<T extends object>(kind: Kind<T>): Promise<number | undefined>

  /**
   * Applies all writes or none. `exists`: an inserted id or a unique value is taken. `conflict`: a version is not the
   * expected one. The writes are applied in their order, so a value that one frees the next may take.
   */
  commit(writes: readonly Write[]): Promise<void>

  /** A copy of everything, as of one moment, ordered by kind and id. */
  snapshot(): Promise<readonly SnapshotRow[]>
  /** Takes a snapshot into a store that is empty, else `exists`. */
  restore(rows: readonly SnapshotRow[]): Promise<void>
  /** Waits for commits under way. Later calls fail with `closed`. */
  close(): Promise<void>
}

export interface SnapshotRow extends Row {
  readonly version: number
}

export type StoreErrorCode =
  /** There is no store, and none was to be made. */
  | 'absent'
  /** An id or a unique value is taken. */
  | 'exists'
  /** A record changed since it was read: read again. */
  | 'conflict'
  /** No space is left. Nothing was changed; reads go on. */
  | 'full'
  /** The store can be read only. */
  | 'readOnly'
  /** Another process held the store for too long. Try again. */
  | 'busy'
  /** The stored data is of a newer schema than this version of bongtu knows. */
  | 'newerSchema'
  /** The file is not a store, or is damaged. */
  | 'damaged'
  /** Others than its owner may read or write a file that must be private. */
  | 'unsafe'
  | 'closed'
  /** The storage failed in another way; `cause` says how. */
  | 'failed'

export class StoreError extends Error {
  readonly code: StoreErrorCode
  /** With `exists`: the unique index whose value was taken, or `id`. */
  readonly index: string | undefined

  constructor(code: StoreErrorCode, message: string, options: { cause?: unknown; index?: string } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {})
    this.name = 'StoreError'
    this.code = code
    this.index = options.index
  }
}
