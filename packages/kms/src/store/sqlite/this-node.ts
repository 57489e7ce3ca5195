import type { OpenSqlite } from './driver.ts'

/**
 * `node:sqlite` where Node has it without a warning, which is 24 and later; else libsql, which ships a binary for each
 * platform instead of compiling one.
 */
export async function sqliteOfThisNode(): Promise<OpenSqlite> {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= 24) return (await import('./node-sqlite.ts')).nodeSqlite()
  return (await import('./libsql.ts')).openLibsql
}
