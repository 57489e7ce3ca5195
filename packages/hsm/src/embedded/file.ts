import { constants } from 'node:fs'
import { link, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { nodeEngine } from '@bongtu/crypto/node'
import { TokenError } from '../token-error.ts'
import { MAX_FILE_LENGTH } from './layout.ts'

const OTHERS = 0o077

/** Reads a token file. Throws `noSuchToken` where there is none, and `unsafeFile` where others than its owner may read it. */
export async function readTokenFile(path: string): Promise<Uint8Array> {
  await using file = await open(path, constants.O_RDONLY).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause
    throw new TokenError('noSuchToken', `${path}: there is no embedded token; \`bongtu hsm init\` makes one`, { cause })
  })
  const { mode, size } = await file.stat()
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
    const octal = (mode & 0o777).toString(8)
    throw new TokenError(
      'unsafeFile',
      `${path} is open to others (mode ${octal}): make it 600, and consider its keys as seen`,
    )
  }
  const bytes = new Uint8Array(Math.min(size, MAX_FILE_LENGTH) + 1)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
  return bytes.subarray(0, bytesRead)
}

/** Makes the file, which must not be there: `tokenExists`. It is whole or absent, whatever happens meanwhile. */
export function createTokenFile(path: string, bytes: Uint8Array): Promise<void> {
  return writeWhole(path, bytes, (draft) =>
    link(draft, path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause
      throw new TokenError('tokenExists', `${path} is there already, and its keys would be lost`, { cause })
    }),
  )
}

/** Puts a new version in the file's place, whole. */
export function replaceTokenFile(path: string, bytes: Uint8Array): Promise<void> {
  return writeWhole(path, bytes, (draft) => rename(draft, path))
}

/** Does `change` while no other process changes the file. */
export async function whileLocked<T>(path: string, change: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`
  const file = await open(lock, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause
    throw new TokenError('failed', `another process is changing ${path}; where none is, remove ${lock}`, { cause })
  })
  try {
    return await change()
  } finally {
    await file.close()
    await unlink(lock)
  }
}

async function writeWhole(path: string, bytes: Uint8Array, place: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${path}.${Buffer.from(nodeEngine.random(8)).toString('hex')}`
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
