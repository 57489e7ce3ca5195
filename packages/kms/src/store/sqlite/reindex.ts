import { setImmediate } from 'node:timers/promises'
import { plainIndexes } from '../kind.ts'
import type { Kind } from '../store.ts'
import type { SqliteDriver } from './driver.ts'
import type { Rows, StoredRow } from './rows.ts'
import { transaction } from './transaction.ts'

/** Records in one transaction. */
const STEP = 200

/**
 * Fills the indexes of a kind for records that an earlier version wrote, if a migration asked for it. Each step is a transaction
 * that remembers how far it came: a killed process loses nothing, and two processes that open the store share the work.
 */
export async function reindex<T extends object>(driver: SqliteDriver, rows: Rows, kind: Kind<T>): Promise<void> {
  const pending = driver.prepare('SELECT after FROM reindex WHERE kind = ?')
  const moveOn = driver.prepare('UPDATE reindex SET after = ? WHERE kind = ?')
  const finish = driver.prepare('DELETE FROM reindex WHERE kind = ?')
  const step = (): void => {
    const after = pending.get([kind.name])?.after
    if (after === undefined) return
    const page = rows.list(kind.name, '', String(after), STEP)
    for (const row of page) index(rows, kind, row)
    const last = page.at(-1)
    if (last === undefined || page.length < STEP) finish.run([kind.name])
    else moveOn.run([last.id, kind.name])
  }
  while (pending.get([kind.name]) !== undefined) {
    transaction(driver, 'writing', step)
    await setImmediate()
  }
}

function index<T extends object>(rows: Rows, kind: Kind<T>, { id, body }: StoredRow): void {
  for (const [name, value] of Object.entries(plainIndexes(kind, id, body))) rows.index(kind.name, id, name, value)
}
