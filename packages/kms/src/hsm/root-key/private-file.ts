import { constants } from 'node:fs'
import { link, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { nodeEngine } from '@bongtu/crypto/node'
import { toHex } from '../bytes.ts'

/**
 * Makes the file `path` with mode 0600, unless there is one. Where several processes do so together, one of them makes the
 * file. The name stands for the complete content or for nothing, and is durable when this resolves.
 */
export function createPrivateFile(path: string, content: Uint8Array): Promise<void> {
  return write(path, content, (draft) =>
    link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    }),
  )
}

/** As `createPrivateFile`, in place of the file that is there. A reader finds the old content or the new one, whole. */
export function replacePrivateFile(path: string, content: Uint8Array): Promise<void> {
  return write(path, content, (draft) => rename(draft, path))
}

/** Writes and syncs the content under another name, which no other process has, and only then gives it its name. */
async function write(path: string, content: Uint8Array, name: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${path}.${toHex(nodeEngine.random(8))}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
    await name(draft)
  } finally {
    await file.close()
    await unlink(draft).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
  await syncFolder(dirname(path))
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, constants.O_RDONLY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
