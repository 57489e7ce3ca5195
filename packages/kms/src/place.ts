import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { bytes, kindOf, type OptionNames, oneOf, readOptions } from '@bongtu/crypto/options'
import { isNew } from './domain/domain.ts'
import { ephemeralRoot, passphraseRoot, type RootKeySource, rootKeyFile } from './hsm/factory.ts'
import { requireType } from './kms-settings.ts'
import { memoryStore } from './store/memory-store.ts'
import { sqliteStore } from './store/sqlite/sqlite-store.ts'
import { type Store, StoreError } from './store/store.ts'

/** Where a KMS keeps what it knows. */
export type KmsPlace =
  /** Nowhere: it is gone with the process. */
  | { readonly memory: true }
  /** A folder, made if need be, that several processes may open at once: `kms.db` and, beside it, `root.key`. */
  | {
      readonly directory: string
      readonly passphrase?: Uint8Array
      /** A root key that is elsewhere, in a token for one, in place of `root.key`. Not together with a passphrase. */
      readonly rootKey?: RootKeySource
      /** Whether a store is made where the folder holds none; without, that is a StoreError `absent`. `true` by default. */
      readonly create?: boolean
    }
  /** The URL of a PostgreSQL database. Not built yet: a TypeError. */
  | { readonly database: string }

/** The options of a place, whichever it is. */
export const PLACE: OptionNames<PlaceOptions> = {
  memory: true,
  directory: true,
  passphrase: true,
  rootKey: true,
  create: true,
  database: true,
}

type PlaceOptions = Extract<KmsPlace, { memory: true }> &
  Extract<KmsPlace, { directory: string }> &
  Extract<KmsPlace, { database: string }>

const PLACES = ['memory', 'directory', 'database'] as const

/** Throws a TypeError unless one place is named, with options of the right types. Takes options that `readOptions` read. */
export function checkPlace(what: string, options: object): void {
  const place: Partial<PlaceOptions> = options
  const named = PLACES.filter((name) => place[name] !== undefined)
  if (named.length !== 1) {
    throw new TypeError(`${what}: give one of memory, directory and database, got ${named.join(' and ') || 'none'}`)
  }
  if (place.memory !== undefined) oneOf(`${what}: memory`, place.memory, [true])
  requireType(`${what}: directory`, place.directory, 'string')
  requireType(`${what}: create`, place.create, 'boolean')
  if (place.passphrase !== undefined) bytes(`${what}: passphrase`, place.passphrase)
  if (place.rootKey !== undefined && typeof place.rootKey !== 'function') {
    throw new TypeError(`${what}: rootKey must be a function that gives a root key, got ${kindOf(place.rootKey)}`)
  }
}

/** The place that was given, read once. Throws a TypeError as `checkPlace` does, and for unknown options. */
export function readPlace(what: string, given: KmsPlace): KmsPlace {
  const place = readOptions(what, given, Object.keys(PLACE))
  checkPlace(what, place)
  return place
}

export interface OpenPlace {
  readonly store: Store
  readonly rootKey: RootKeySource
}

const STORE_FILE = 'kms.db'
const ROOT_FILE = 'root.key'

/**
 * The store of a place, and where its root key is: where `rootKey` says, derived from the passphrase, or in `root.key`.
 * Throws a TypeError where both are given, and StoreError where the store cannot be opened.
 */
export async function openPlace(place: KmsPlace): Promise<OpenPlace> {
  if ('memory' in place) return { store: memoryStore(), rootKey: ephemeralRoot() }
  if ('database' in place) throw new TypeError('a KMS on PostgreSQL is not built yet: use a directory')
  const { directory, passphrase, rootKey, create = true } = place
  if (rootKey !== undefined && passphrase !== undefined)
    throw new TypeError('a root is a passphrase or a rootKey, not both')
  const file = join(directory, STORE_FILE)
  if (!create) requireStore(directory)
  await makeFolder(directory)
  const store = await sqliteStore({ file })
  try {
    if (!create && (await isNew(store))) throw absent(directory)
  } catch (error) {
    await store.close()
    throw error
  }
  const ownRoot = passphrase === undefined ? rootKeyFile(join(directory, ROOT_FILE)) : passphraseRoot(passphrase)
  return { store, rootKey: rootKey ?? ownRoot }
}

/** Throws a StoreError `absent` where the folder holds no store. */
export function requireStore(directory: string): void {
  if (!existsSync(join(directory, STORE_FILE))) throw absent(directory)
}

function absent(directory: string): StoreError {
  return new StoreError('absent', `${directory} holds no KMS`)
}

/** As `mkdir` does with `recursive`, which tries for ever where a file system lets nothing be made in a folder that is there. */
async function makeFolder(path: string): Promise<void> {
  const make = () => mkdir(path, { mode: 0o700 })
  await make().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || dirname(path) === path) return unlessThere(error)
    await makeFolder(dirname(path))
    await make().catch(unlessThere)
  })
}

/** Another process made it first. */
function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
