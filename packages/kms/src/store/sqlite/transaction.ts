import type { SqliteDriver } from './driver.ts'

/** All of `work` or nothing. With `writing`, other processes' writes wait from the start, so that it sees the newest. */
export function transaction<R>(driver: SqliteDriver, mode: 'reading' | 'writing', work: () => R): R {
  driver.exec(mode === 'writing' ? 'BEGIN IMMEDIATE' : 'BEGIN')
  try {
    const result = work()
    driver.exec('COMMIT')
    return result
  } catch (error) {
    try {
      driver.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full.
    }
    throw error
  }
}
