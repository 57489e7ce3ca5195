import type { Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { refused } from '../failure.ts'
import { isCode } from './error-code.ts'

/** Whose a file is, and who may use it. */
export type Access = Pick<Stats, 'mode' | 'uid' | 'gid'>

const PERMISSIONS = 0o777

/** Gives a file the owner, the group and the permissions of another. Throws a failure where only root could. */
export async function giveTo(file: FileHandle, { mode, uid, gid }: Access): Promise<void> {
  const own = await file.stat()
  if (own.uid !== uid || own.gid !== gid) {
    await file.chown(uid, gid).catch((error: unknown) => {
      if (!isCode(error, 'EPERM')) throw error
      throw refused(
        'it belongs to another user or group, to whom only root can give the new file; it was left as it was',
      )
    })
  }
  // Last: a change of owner may take permissions away.
  await file.chmod(mode & PERMISSIONS)
}
