import { materials } from '../store/material.ts'
import type { SnapshotRow } from '../store/store.ts'
import { DOMAIN_ID, domains } from './domain-record.ts'

/**
 * A backup: JSON text of one object.
 *
 *     format     "bongtu-kms-backup"
 *     version    1
 *     root       "absent": opens only where the root of the store is; "passphrase": opens with the passphrase that was given
 *     rows       every record of the store as of one moment
 *
 * It holds key tokens and the sealed domain, never a key in clear. With a passphrase, the domain in it is sealed under that
 * passphrase by scrypt instead of under the root, so whoever has file and passphrase has all keys, though not the root.
 */
export interface BackupFile {
  readonly format: 'bongtu-kms-backup'
  readonly version: 1
  readonly root: 'absent' | 'passphrase'
  readonly rows: readonly SnapshotRow[]
}

/** Throws a TypeError where the bytes are no backup, or one that is damaged. */
export function parseBackup(bytes: Uint8Array): BackupFile {
  const file = json(bytes)
  if (!isObject(file) || !('format' in file) || file.format !== 'bongtu-kms-backup') {
    throw new TypeError('the file is not a backup of a bongtu KMS')
  }
  const { version, root, rows } = file as Partial<Record<keyof BackupFile, unknown>>
  if (version !== 1) throw new TypeError('the backup is of a later version: use a newer bongtu')
  if ((root !== 'absent' && root !== 'passphrase') || !Array.isArray(rows) || !rows.every(isRow)) {
    throw new TypeError('the backup is damaged')
  }
  if (new Set(rows.map(({ kind, id }) => JSON.stringify([kind, id]))).size !== rows.length) {
    throw new TypeError('the backup is damaged: it holds a record twice')
  }
  if (!rows.some((row) => row.kind === domains.name && row.id === DOMAIN_ID)) {
    throw new TypeError('the backup is damaged: it holds no domain')
  }
  return { format: 'bongtu-kms-backup', version, root, rows }
}

/** `undefined` where it is not JSON. */
function json(text: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : new TextDecoder('utf-8', { fatal: true }).decode(text))
  } catch {
    return undefined
  }
}

/** A damaged key token is kept in quarantine, and must not make a backup useless for all other keys. */
function isRow(row: unknown): row is SnapshotRow {
  if (!isObject(row)) return false
  const { kind, id, body, version, due, unique, indexes } = row as Partial<Record<keyof SnapshotRow, unknown>>
  return (
    typeof kind === 'string' &&
    typeof id === 'string' &&
    typeof body === 'string' &&
    (kind === materials.name || isObject(json(body))) &&
    Number.isSafeInteger(version) &&
    (due === undefined || Number.isFinite(due)) &&
    isTexts(unique) &&
    isTexts(indexes)
  )
}

function isTexts(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string')
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
