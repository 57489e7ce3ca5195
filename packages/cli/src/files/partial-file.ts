import type { Stats } from 'node:fs'
import { type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { defaultEngine } from '@bongtu/crypto'
import { refused } from '../failure.ts'
import { type Access, giveTo } from './access.ts'
import { isCode } from './error-code.ts'
import { fileSink } from './file-sink.ts'
import { stopWatching, watchOver } from './leftovers.ts'

/** A file that does not exist under its name before all of it is there. */
export interface PartialFile {
  readonly stream: Writable
  /** Everything that was written so far, from its start. */
  readBack(): Readable
  /** Puts the file under its name, once it is on the disk. Throws where the name was taken meanwhile. */
  commit(): Promise<void>
  /** Removes what was written; after `commit` it does nothing. */
  discard(): Promise<void>
}

/** Readable and writable by its owner only, whatever it came from. */
const MODE = 0o600

/**
 * Begins a file beside where it will stand. Throws a failure where something has that name, unless `overwrite` allows
 * to replace it; what is no regular file, a device or a folder, is never replaced. With its name it gets the owner and the
 * permissions of `like`, where that is given.
 */
export async function partialFile(path: string, overwrite: boolean, like?: Access): Promise<PartialFile> {
  requireFree(path, await statOrNull(path), overwrite)
  const temporary = join(dirname(path), `.bongtu-${randomName()}.part`)
  const file = await open(temporary, 'wx+', MODE).catch((error: unknown) => {
    // Nobody knows the temporary name; what is missing is the folder.
    throw error instanceof Error
      ? Object.assign(error, { path: isCode(error, 'ENOENT') ? dirname(path) : path })
      : error
  })
  watchOver(temporary)
  const remove = async (): Promise<void> => {
    await rm(temporary, { force: true })
    stopWatching(temporary)
  }
  return {
    stream: fileSink(file, path),
    readBack: () => Readable.from(chunksOf(file), { objectMode: false }),
    async commit() {
      if (like !== undefined) await giveTo(file, like)
      await file.sync()
      await file.close()
      await putInPlace(temporary, path, overwrite)
      await remove()
    },
    async discard() {
      await file.close()
      await remove()
    },
  }
}

const CHUNK = 1 << 20

/** Read by position: the stream of a FileHandle would close it. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (let at = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, at)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    at += bytesRead
  }
}

/** Beneath 255 bytes whatever the name of the result. */
export const randomName = (): string => Buffer.from(defaultEngine.random(8)).toString('hex')

/** Opens a file that has no name any more, for what must never be found on the disk. It is gone when it is closed. */
export async function namelessFile(folder: string): Promise<{ file: FileHandle; close(): Promise<void> }> {
  const path = join(folder, `bongtu-${randomName()}.spool`)
  const file = await open(path, 'wx+', MODE)
  watchOver(path)
  // Windows keeps the name until the file is closed.
  const remove = async (): Promise<void> => {
    await rm(path, { force: true })
    stopWatching(path)
  }
  await remove().catch(() => {})
  return {
    file,
    async close() {
      await file.close()
      await remove()
    },
  }
}

async function putInPlace(temporary: string, path: string, overwrite: boolean): Promise<void> {
  if (overwrite) return rename(temporary, path)
  try {
    // Unlike a rename, a link never replaces what appeared under the name meanwhile.
    await link(temporary, path)
  } catch (error) {
    if (!isCode(error, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK')) throw takenMeanwhile(error, path)
    requireFree(path, await statOrNull(path), overwrite)
    await rename(temporary, path)
  }
}

function requireFree(path: string, existing: Stats | null, overwrite: boolean): void {
  if (existing === null) return
  if (!existing.isFile() && !existing.isSymbolicLink()) {
    throw refused(`${path} is no regular file; write to it with \`-o - > ${path}\``)
  }
  if (!overwrite) throw exists(path)
}

const exists = (path: string): Error => refused(`${path} exists; give --force to replace it, or name another file`)

const takenMeanwhile = (error: unknown, path: string): unknown => (isCode(error, 'EEXIST') ? exists(path) : error)

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await lstat(path)
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return null
    throw error
  }
}
