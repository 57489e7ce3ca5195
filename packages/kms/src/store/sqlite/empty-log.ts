import type { SqliteDriver } from './driver.ts'

/**
 * Moves what the write-ahead log holds into the database, and empties the log: with secure_delete, what was replaced or
 * removed is in neither then. Answers whether it could: it does not wait for other processes that read.
 */
export function emptyingLog(driver: SqliteDriver, busyTimeout: number): () => boolean {
  const checkpoint = driver.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
  return () => {
    driver.exec('PRAGMA busy_timeout = 0')
    try {
      return checkpoint.get([])?.busy === 0
    } catch {
      // A full or read-only disk, which the next write will tell of.
      return false
    } finally {
      driver.exec(`PRAGMA busy_timeout = ${busyTimeout}`)
    }
  }
}
