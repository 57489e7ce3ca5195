import { join } from 'node:path'
import { describe, it } from 'vitest'
import type { OpenSqlite } from '../../src/store/sqlite/driver.ts'
import { openLibsql } from '../../src/store/sqlite/libsql.ts'
import { nodeSqlite } from '../../src/store/sqlite/node-sqlite.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { storeConformance } from './conformance.ts'
import { temporaryFolder } from './folder.ts'

/** Here by name, so that a Node without it says so instead of passing in silence. */
const builtIn: OpenSqlite | undefined = await nodeSqlite().catch(() => undefined)

function conformance(name: string, open: OpenSqlite): void {
  storeConformance(name, async () => {
    const file = join(temporaryFolder(), 'store.db')
    return {
      store: await sqliteStore({ file, open }),
      another: () => sqliteStore({ file: join(temporaryFolder(), 'store.db'), open }),
      reopened: () => sqliteStore({ file, open }),
    }
  })
}

conformance('in SQLite, by libsql', openLibsql)
if (builtIn !== undefined) conformance('in SQLite, by node:sqlite', builtIn)
else describe('the store in SQLite, by node:sqlite', () => it('is not tried: this Node does not have it', () => {}))
