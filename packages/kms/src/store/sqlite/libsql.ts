import Database from 'libsql'
import { type SqliteDriver, SqliteError, type SqliteStatement } from './driver.ts'

const CANNOT_OPEN = 14

/**
 * libsql closes the file only when the garbage collector has taken the last statement. So closing lets go of all
 * statements, and before that moves what the write-ahead log holds into the database, as far as nobody else reads it.
 */
export function openLibsql(path: string): SqliteDriver {
  const database = translated(() => new Database(path))
  const statements = new Set<{ statement: Database.Statement | undefined }>()
  return {
    name: 'libsql',
    exec: (sql) => {
      translated(() => database.exec(sql))
    },
    prepare: (sql): SqliteStatement => {
      const held = { statement: translated(() => database.prepare(sql)) as Database.Statement | undefined }
      statements.add(held)
      const call = <R>(use: (statement: Database.Statement) => R): R => {
        if (held.statement === undefined) throw new TypeError('the database is closed')
        const { statement } = held
        return translated(() => use(statement))
      }
      return {
        run: (values) => call((statement) => statement.run([...values]).changes),
        get: (values) => call((statement) => statement.get([...values]) as Record<string, unknown> | undefined),
        all: (values) => call((statement) => statement.all([...values]) as Record<string, unknown>[]),
      }
    },
    close: () => {
      for (const held of statements) held.statement = undefined
      try {
        database.exec('PRAGMA wal_checkpoint(PASSIVE)')
      } catch {
        // On a full or read-only disk the log stays: it is read with the database.
      }
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
