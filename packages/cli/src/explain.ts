import { BongtuError, type ErrorCode } from '@bongtu/message-format'
import { inCommandWords } from './command-words.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import { Failure } from './failure.ts'

/** A failure in words for the user: what happened, and what to do next. */
export interface Explanation {
  /** An `ERR_` code, the system's code, or absent. */
  readonly code?: string
  readonly text: string
  readonly exitCode: number
}

/** The options of the libraries that an error speaks of, as this command calls them. */
const advice: Partial<Readonly<Record<ErrorCode, string>>> = {
  ERR_POLICY: 'see --commitment-policy, --suite and --unverified in the help of the command',
  ERR_LIMIT: 'see --max-encrypted-data-keys, --max-header-length and --max-frame-length in the help of the command',
  ERR_CONTEXT: 'see -c and --required-context in the help of the command',
  ERR_NO_KEY:
    '`bongtu inspect` tells which keys a message was encrypted under: name one of them with -k, and with -c the pairs that the message may have left out',
}

const systemErrors: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'the system does not permit it',
  EISDIR: 'it is a folder, where a file is needed',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'it exists already',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'the device failed',
  EADDRINUSE: 'another program listens at this address already; name another with --listen',
  EADDRNOTAVAIL: 'this machine has no such address to listen at',
}

/** Errors of the system carry what was called, on what, and why it failed. */
type SystemError = Error & { readonly code: string; readonly syscall?: string; readonly path?: string }

export function explain(error: unknown): Explanation {
  if (BongtuError.is(error)) {
    const hint = advice[error.code]
    const message = inCommandWords(error.message)
    const text = hint === undefined ? message : `${message}\n${hint}`
    return { code: error.code, text, exitCode: exitCodeOf[error.code] }
  }
  if (isTokenError(error)) return { code: error.code, text: error.message, exitCode: exitCodes.failed }
  if (error instanceof Failure) {
    // What has a cause repeats what a library said.
    const text = error.cause === undefined ? error.message : inCommandWords(error.message)
    return { text, exitCode: error.exitCode }
  }
  if (isSystemError(error)) return { code: error.code, text: systemText(error), exitCode: systemExitCode(error) }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return { text: `unexpected failure: ${what}; BONGTU_DEBUG=1 shows where`, exitCode: exitCodes.failed }
}

/** Told by its name: the package that throws it is loaded only where a token is used. */
const isTokenError = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof Error && error.name === 'TokenError' && 'code' in error && typeof error.code === 'string'

/** Whether whoever read standard output went away, as `head` does. */
export const isClosedOutput = (error: unknown): boolean => isSystemError(error) && error.code === 'EPIPE'

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error
}

function systemText({ code, path, message }: SystemError): string {
  const known = Object.hasOwn(systemErrors, code) ? systemErrors[code] : undefined
  if (known === undefined) return message
  return path === undefined ? known : `${path}: ${known}`
}

const systemExitCode = (error: SystemError): number =>
  isClosedOutput(error) ? exitCodes.outputClosed : exitCodes.failed
