import { StoreError, type Write } from '../store.ts'
import type { SqliteDriver } from './driver.ts'
import type { Rows } from './rows.ts'
import { transaction } from './transaction.ts'

export interface GroupCommit {
  /** Joins the next transaction. Resolves when that is durable. */
  commit(writes: readonly Write[]): Promise<void>
  /** Commits what waits, now. */
  flush(): void
}

interface Waiting {
  readonly writes: readonly Write[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export interface GroupCommitOptions {
  readonly driver: SqliteDriver
  readonly rows: Rows
  /** Called after every transaction that may have written; `forgets` where it took something that is to be gone. */
  committed(forgets: boolean): void
  /** What a failure of the transaction means to the caller. */
  failed(error: unknown): unknown
}

/**
 * One transaction, and so one sync of the disk, for all commits of one turn of the event loop. Each stands in a savepoint, so
 * one that is refused takes nothing with it. Where the transaction itself fails, each commit is tried alone, so that one
 * which is too large for the disk does not fail the others.
 */
export function groupCommit({ driver, rows, committed, failed }: GroupCommitOptions): GroupCommit {
  let waiting: Waiting[] = []

  function flush(): void {
    const group = waiting
    waiting = []
    if (group.length === 0) return
    try {
      settle(group)
    } catch (error) {
      if (group.length === 1) group[0]?.reject(failed(error))
      else for (const one of group) alone(one)
    }
  }
  function alone(one: Waiting): void {
    try {
      settle([one])
    } catch (error) {
      one.reject(failed(error))
    }
  }
  /** Throws where the transaction fails; then nothing was settled and nothing written. */
  function settle(group: readonly Waiting[]): void {
    const refusals = transaction(driver, 'writing', () => {
      let version = rows.lastVersion()
      const refused = new Map<Waiting, StoreError>()
      for (const one of group) {
        driver.exec('SAVEPOINT one')
        try {
          for (const write of one.writes) rows.apply(write, ++version)
        } catch (error) {
          if (!(error instanceof StoreError)) throw error
          refused.set(one, error)
          driver.exec('ROLLBACK TO one')
        }
        driver.exec('RELEASE one')
      }
      rows.setLastVersion(version)
      return refused
    })
    committed(group.some(({ writes }) => writes.some((write) => 'forgets' in write && write.forgets)))
    for (const one of group) {
      const refusal = refusals.get(one)
      if (refusal === undefined) one.resolve()
      else one.reject(refusal)
    }
  }

  return {
    commit: (writes) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush)
        waiting.push({ writes, resolve, reject })
      }),
    flush,
  }
}
