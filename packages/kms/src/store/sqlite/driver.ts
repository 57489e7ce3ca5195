/** What the store needs of a SQLite binding. Values are bound as an array, always: libsql aborts the process otherwise. */
export interface SqliteDriver {
  readonly name: 'node:sqlite' | 'libsql'
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
  close(): void
}

export type SqliteValue = string | number | null

export interface SqliteStatement {
  /** How many rows it changed. */
  run(values: readonly SqliteValue[]): number
  get(values: readonly SqliteValue[]): Readonly<Record<string, unknown>> | undefined
  all(values: readonly SqliteValue[]): readonly Readonly<Record<string, unknown>>[]
}

/** A failure of SQLite, with its extended result code (https://www.sqlite.org/rescode.html). */
export class SqliteError extends Error {
  readonly resultCode: number

  constructor(resultCode: number, message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'SqliteError'
    this.resultCode = resultCode
  }
}

export type OpenSqlite = (path: string) => SqliteDriver
