import { type Kind, type Row, StoreError, type Write } from './store.ts'

const printable = /^[\x20-\x7e]{1,512}$/
const MAX_BODY_LENGTH = 1_048_576

/** The value of an index for a record that does not say its own. */
export const DAMAGED = 'damaged'

/** A new record. The commit fails with `exists` where its id or a unique value is taken. */
export function insert<T extends object>(kind: Kind<T>, record: T): Write {
  return { op: 'insert', row: rowOf(kind, record) }
}

/** Puts `record` in the place of the one with its id. `conflict` unless that still has version `expected`. */
export function replace<T extends object>(kind: Kind<T>, record: T, expected: number): Write {
  return { op: 'replace', row: rowOf(kind, record), expected, forgets: kind.forgets === true }
}

/** `conflict` unless the record still has version `expected`. */
export function remove<T extends object>(kind: Kind<T>, id: string, expected: number): Write {
  return { op: 'remove', kind: kind.name, id, expected, forgets: kind.forgets === true }
}

/** Writes nothing: `conflict` unless the record still has version `expected`, where 0 means that there is none. */
export function unchanged<T extends object>(kind: Kind<T>, id: string, expected: number): Write {
  return { op: 'unchanged', kind: kind.name, id, expected }
}

/** Throws a RangeError where an id or an index value is not 1 to 512 characters of printable ASCII. */
export function rowOf<T extends object>(kind: Kind<T>, record: T): Row {
  const body = JSON.stringify(record)
  if (body.length > MAX_BODY_LENGTH) throw new RangeError(`a ${kind.name} record is larger than 1 MiB`)
  return {
    kind: kind.name,
    id: checked(kind.name, 'id', kind.id(record)),
    body,
    due: kind.due?.(record),
    unique: indexed(kind.name, kind.unique, record),
    indexes: indexed(kind.name, kind.indexes, record),
  }
}

/** The frozen record of a stored body. */
export function recordOf<T extends object>(body: string, kind: string, id: string): T {
  return deepFreeze(objectOf<T>(body, kind, id))
}

/** What a stored body has in the plain indexes of its kind: `DAMAGED` in each if it is no record of this id, so that it is found. */
export function plainIndexes<T extends object>(kind: Kind<T>, id: string, body: string): Record<string, string> {
  try {
    const row = rowOf(kind, recordOf<T>(body, kind.name, id))
    if (row.id === id) return { ...row.indexes }
  } catch {
    // A record that the kind's own functions do not take, whatever they throw at it.
  }
  return Object.fromEntries(Object.keys(kind.indexes ?? {}).map((name) => [name, DAMAGED]))
}

function objectOf<T extends object>(body: string, kind: string, id: string): T {
  let cause: unknown
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value as T
  } catch (error) {
    cause = error
  }
  throw new StoreError('damaged', `the stored ${kind} ${id} is not a JSON object: restore it from a backup`, { cause })
}

function indexed<T>(
  kind: string,
  indexes: Readonly<Record<string, (record: T) => string | undefined>> | undefined,
  record: T,
): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [name, of] of Object.entries(indexes ?? {})) {
    const value = of(record)
    if (value !== undefined) values[name] = checked(kind, name, value)
  }
  return values
}

function checked(kind: string, what: string, value: string): string {
  if (!printable.test(value)) {
    throw new RangeError(`the ${what} of a ${kind} record is not 1 to 512 characters of printable ASCII`)
  }
  return value
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const member of Object.values(value)) deepFreeze(member)
  }
  return value
}
