import { type OpenSqlite, SqliteError, type SqliteStatement, type SqliteValue } from './driver.ts'

/** The part of `node:sqlite` that is used here: the types of the oldest supported Node do not know it. */
interface NodeSqlite {
  readonly DatabaseSync: new (
    path: string,
  ) => {
    exec(sql: string): void
    prepare(sql: string): {
      run(...values: SqliteValue[]): { readonly changes: number | bigint }
      get(...values: SqliteValue[]): Record<string, unknown> | undefined
      all(...values: SqliteValue[]): Record<string, unknown>[]
    }
    close(): void
  }
}

const MODULE: string = 'node:sqlite'

export async function nodeSqlite(): Promise<OpenSqlite> {
  const { DatabaseSync } = (await import(MODULE)) as NodeSqlite
  return (path) => {
    const database = translated(() => new DatabaseSync(path))
    return {
      name: 'node:sqlite',
      exec: (sql) => translated(() => database.exec(sql)),
      prepare: (sql): SqliteStatement => {
        const statement = translated(() => database.prepare(sql))
        return {
          run: (values) => translated(() => Number(statement.run(...values).changes)),
          get: (values) => translated(() => statement.get(...values)),
          all: (values) => translated(() => statement.all(...values)),
        }
      },
      close: () => database.close(),
    }
  }
}

function translated<R>(call: () => R): R {
  try {
    return call()
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && typeof error.errcode === 'number') {
      throw new SqliteError(error.errcode, error.message, error)
    }
    throw error
  }
}
