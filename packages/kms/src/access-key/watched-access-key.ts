import { statSync } from 'node:fs'
import type { AccessKey } from './access-key.ts'
import { accessKeyFile, readAccessKey } from './access-key-file.ts'

/**
 * The access key of a data folder as it is now, at the price of one `stat` a call: a key that another process made is good
 * from the next request on, and the key before it no more. `undefined` while the file cannot be used; `failed` gets the
 * reason once.
 */
export function watchedAccessKey(directory: string, failed: (error: unknown) => void): () => AccessKey | undefined {
  const path = accessKeyFile(directory)
  let seen: string | undefined
  let key: AccessKey | undefined
  return () => {
    const state = stateOf(path)
    if (state === seen) return key
    seen = state
    key = undefined
    try {
      key = readAccessKey(directory)
    } catch (error) {
      failed(error)
    }
    return key
  }
}

/** Changes with every change of the file: each new key is a new inode. */
function stateOf(path: string): string {
  try {
    const { ino, ctimeNs, size } = statSync(path, { bigint: true })
    return `${ino}/${ctimeNs}/${size}`
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code)
  }
}
