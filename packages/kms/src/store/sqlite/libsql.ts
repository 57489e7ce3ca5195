import Database from 'libsql'
import { type SqliteDriver, SqliteError, type SqliteStatement } from './driver.ts'

const CANNOT_OPEN = 14

export function openLibsql(path: string): SqliteDriver {
  const database = translated(() => new Database(path))
  return {
    name: 'libsql',
    exec: (sql) => {
      translated(() => database.exec(sql))
    },
    prepare: (sql): SqliteStatement => {
      const statement = translated(() => database.prepare(sql))
      return {
        run: (values) => translated(() => statement.run([...values]).changes),
        get: (values) => translated(() => statement.get([...values]) as Record<string, unknown> | undefined),
        all: (values) => translated(() => statement.all([...values]) as Record<string, unknown>[]),
      }
    },
    close: () => {
      database.close()
    },
  }
}

function translated<R>(call: () => R): R {
  try {
    return call()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if ('rawCode' in error && typeof error.rawCode === 'number') {
      throw new SqliteError(error.rawCode, error.message, error)
    }
    if (error.message.startsWith('ConnectionFailed')) throw new SqliteError(CANNOT_OPEN, error.message, error)
    throw error
  }
}
