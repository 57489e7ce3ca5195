import { StoreError } from '../store.ts'
import type { SqliteDriver } from './driver.ts'
import { transaction } from './transaction.ts'

/** "bngt": marks the file as a store of bongtu (PRAGMA application_id). */
const APPLICATION_ID = 0x626e6774

/**
 * What each schema version adds to the one before; PRAGMA user_version counts those that were applied. Never change one
 * that was released: append.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE entry (
     kind TEXT NOT NULL,
     id TEXT NOT NULL,
     version INTEGER NOT NULL,
     body TEXT NOT NULL,
     due INTEGER,
     PRIMARY KEY (kind, id)
   ) WITHOUT ROWID, STRICT;
   CREATE INDEX entry_due ON entry (kind, due) WHERE due IS NOT NULL;

   CREATE TABLE lookup (
     kind TEXT NOT NULL,
     id TEXT NOT NULL,
     is_unique INTEGER NOT NULL,
     name TEXT NOT NULL,
     value TEXT NOT NULL,
     PRIMARY KEY (kind, id, is_unique, name)
   ) WITHOUT ROWID, STRICT;
   CREATE UNIQUE INDEX lookup_unique ON lookup (kind, name, value) WHERE is_unique = 1;
   CREATE INDEX lookup_plain ON lookup (kind, name, value, id) WHERE is_unique = 0;

   CREATE TABLE counter (last_version INTEGER NOT NULL) STRICT;
   INSERT INTO counter VALUES (0);`,

  // Materials got an index by domain key, which a later step fills (reindex.ts). The table got another name so that a process
  // of an earlier version that has the store open fails at its next statement, and cannot write rows without the index.
  `ALTER TABLE entry RENAME TO record;
   CREATE TABLE reindex (kind TEXT NOT NULL PRIMARY KEY, after TEXT NOT NULL) WITHOUT ROWID, STRICT;
   INSERT INTO reindex VALUES ('material', '');`,
]

/** Brings the file to the newest schema, each step in a transaction of its own that other processes wait for. */
export function migrate(driver: SqliteDriver, path: string, migrations: readonly string[] = MIGRATIONS): void {
  checkOwner(driver, path)
  for (const [version, sql] of migrations.entries()) {
    if (schemaVersion(driver) > version) continue
    transaction(driver, 'writing', () => {
      // Another process may have come first.
      if (schemaVersion(driver) !== version) return
      driver.exec(`${sql}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version + 1}`)
    })
  }
  if (schemaVersion(driver) > migrations.length) {
    throw new StoreError(
      'newerSchema',
      `${path} has schema version ${schemaVersion(driver)}, and this bongtu knows up to ${migrations.length}: use a newer bongtu`,
    )
  }
}

function checkOwner(driver: SqliteDriver, path: string): void {
  // In this order: between the two another process may found the store, and mark it with the tables that it makes.
  const tables = Number(driver.prepare('SELECT count(*) AS n FROM sqlite_master').get([])?.n)
  const owner = Number(driver.prepare('PRAGMA application_id').get([])?.application_id)
  if (owner !== APPLICATION_ID && (owner !== 0 || tables > 0)) {
    throw new StoreError('damaged', `${path} is a database of another application: name another data folder`)
  }
}

function schemaVersion(driver: SqliteDriver): number {
  return Number(driver.prepare('PRAGMA user_version').get([])?.user_version)
}
