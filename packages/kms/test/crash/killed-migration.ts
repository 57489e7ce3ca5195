/** Opens the store in the folder of its first argument, and kills itself at the nth index entry that the migration writes. */
import { join } from 'node:path'
import { materials } from '../../src/store/material.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { sqliteOfThisNode } from '../../src/store/sqlite/this-node.ts'

const [, , folder = '', last] = process.argv
const open = await sqliteOfThisNode()
let written = 0

const store = await sqliteStore({
  file: join(folder, 'kms.db'),
  open: (path) => {
    const driver = open(path)
    return {
      name: driver.name,
      exec: (sql) => driver.exec(sql),
      close: () => driver.close(),
      prepare(sql) {
        const statement = driver.prepare(sql)
        const run = (values: Parameters<typeof statement.run>[0]): number => {
          if (sql.startsWith('INSERT OR REPLACE INTO lookup') && ++written === Number(last)) {
            process.kill(process.pid, 'SIGKILL')
          }
          return statement.run(values)
        }
        return { run, get: (values) => statement.get(values), all: (values) => statement.all(values) }
      },
    }
  },
})
await store.reindex(materials)
await store.close()
