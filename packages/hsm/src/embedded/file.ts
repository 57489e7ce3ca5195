import { constants } from 'node:fs'
import { link, open, readdir, realpath, rename, rm, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { nodeEngine } from '@bongtu/crypto/node'
import { oneAtATime } from '../one-at-a-time.ts'
import { TokenError } from '../token-error.ts'
import { damagedFile, MAX_FILE_LENGTH } from './layout.ts'
import { underLock } from './lock.ts'

const OTHERS = 0o077

/** To open a pipe would be to wait for whoever writes to it; Windows has neither. */
const READING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/**
 * Reads a token file. Throws `noSuchToken` where there is none, `damagedFile` where it is no file, and `unsafeFile` where
 * others than this user own it or may read it.
 */
export function readTokenFile(path: string): Promise<Uint8Array> {
  return told(path, async () => {
    await using file = await open(path, READING).catch((cause) => missing(path, cause))
    const status = await file.stat()
    if (!status.isFile()) throw damagedFile(path)
    requireOwn(path, status)
    const bytes = new Uint8Array(Math.min(status.size, MAX_FILE_LENGTH) + 1)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    return bytes.subarray(0, bytesRead)
  })
}

/** Whoever owns a file reads and changes it, whatever its mode; that matters to root, who opens those of everybody. */
function requireOwn(path: string, { mode, uid }: { readonly mode: number; readonly uid: number }): void {
  const self = process.geteuid?.()
  if (self === undefined) return
  if (uid !== self) throw new TokenError('unsafeFile', `${path} belongs to another user (uid ${uid}), who has its keys`)
  if ((mode & OTHERS) === 0) return
  throw new TokenError(
    'unsafeFile',
    `${path} is open to others (mode ${(mode & 0o777).toString(8)}): make it 600, and consider its keys as seen`,
  )
}

/** Makes the file, which must not be there: `tokenExists`. It is whole or absent, whatever happens meanwhile. */
export function createTokenFile(path: string, bytes: Uint8Array): Promise<void> {
  const place = (draft: string): Promise<void> =>
    link(draft, path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause
      throw new TokenError('tokenExists', `${path} is there already, and its keys would be lost`, { cause })
    })
  return told(path, () => writeWhole(path, bytes, place))
}

/** Puts a new version in the file's place, whole. */
export function replaceTokenFile(path: string, bytes: Uint8Array): Promise<void> {
  return told(path, () => writeWhole(path, bytes, (draft) => rename(draft, path)))
}

const alone = oneAtATime()

/**
 * Does `change` while nobody else changes the file: this process waits for itself, and fails where another is at it. The
 * change is given the file's place, which is not its path where that is a symbolic link.
 */
export function whileLocked<T>(path: string, change: (place: string) => Promise<T>): Promise<T> {
  return alone(async () => locked(await told(path, () => placeOf(path)), change))
}

const placeOf = (path: string): Promise<string> => realpath(path).catch((cause) => missing(path, cause))

const locked = <T>(path: string, change: (place: string) => Promise<T>): Promise<T> =>
  told(path, () =>
    underLock(`${path}.lock`, async () => {
      await removeDrafts(path)
      return change(path)
    }),
  )

const draftOf = (path: string): string => `${path}.${Buffer.from(nodeEngine.random(8)).toString('hex')}`

/** Those that a killed process left: they hold the keys of the file. New versions are drafted under the lock alone. */
async function removeDrafts(path: string): Promise<void> {
  const [folder, start] = [dirname(path), `${basename(path)}.`]
  for (const name of await readdir(folder)) {
    const isDraft = name.startsWith(start) && /^[0-9a-f]{16}$/.test(name.slice(start.length))
    if (isDraft) await rm(join(folder, name), { force: true })
  }
}

/** What the system refuses, such as a folder that is read-only, in the one error of tokens. */
async function told<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause
    throw new TokenError('failed', `${path}: ${cause.message}`, { cause })
  }
}

function missing(path: string, cause: NodeJS.ErrnoException): never {
  if (cause.code !== 'ENOENT') throw cause
  throw new TokenError('noSuchToken', `${path}: there is no embedded token; \`bongtu hsm init\` makes one`, { cause })
}

async function writeWhole(path: string, bytes: Uint8Array, place: (draft: string) => Promise<void>): Promise<void> {
  const draft = draftOf(path)
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
    await place(draft)
  } finally {
    await file.close()
    await unlink(draft).catch((error: NodeJS.ErrnoException) => {
      // Renamed, it is gone.
      if (error.code !== 'ENOENT') throw error
    })
  }
  await syncFolder(dirname(path))
}

/** The name is durable before anything is encrypted under a key of the file. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  await using folder = await open(path, constants.O_RDONLY)
  await folder.sync()
}
