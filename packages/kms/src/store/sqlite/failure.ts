import { StoreError, type StoreErrorCode } from '../store.ts'
import { SqliteError } from './driver.ts'

interface Failure {
  readonly code: StoreErrorCode
  readonly message: string
}

const FULL: Failure = { code: 'full', message: 'no space is left: nothing was changed; make room and try again' }
const READ_ONLY: Failure = {
  code: 'readOnly',
  message: 'the file can be read only: nothing was changed; check its permissions and how its disk is mounted',
}
const BUSY: Failure = { code: 'busy', message: 'another process holds it: nothing was changed; try again' }
const DAMAGED: Failure = { code: 'damaged', message: 'the file is not a store, or is damaged: restore a backup' }
const FAILED: Failure = { code: 'failed', message: 'SQLite failed' }

/** By extended result code first, then by primary result code, its lowest byte. */
const FAILURES: Readonly<Record<number, Failure>> = {
  5: BUSY,
  6: BUSY,
  8: READ_ONLY,
  11: DAMAGED,
  13: FULL,
  26: DAMAGED,
  // SQLITE_IOERR_SHMSIZE: the shared-memory file of the write-ahead log could not grow.
  4874: FULL,
}

/** What a failure of SQLite or of the file system means to a caller of the store; other errors stay as they are. */
export function storeFailure(path: string, error: unknown): unknown {
  if (error instanceof SqliteError) {
    const { code, message } = FAILURES[error.resultCode] ?? FAILURES[error.resultCode & 0xff] ?? FAILED
    const detail = code === 'failed' ? ` (${error.message})` : ''
    return new StoreError(code, `${path}: ${message}${detail}`, { cause: error })
  }
  const fileCode = error instanceof Error && 'code' in error ? error.code : undefined
  const failure = { EACCES: READ_ONLY, EPERM: READ_ONLY, EROFS: READ_ONLY, ENOSPC: FULL }[String(fileCode)]
  return failure === undefined ? error : new StoreError(failure.code, `${path}: ${failure.message}`, { cause: error })
}

export function isBusy(error: unknown): boolean {
  return error instanceof SqliteError && FAILURES[error.resultCode & 0xff] === BUSY
}
