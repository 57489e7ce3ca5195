import { spawn } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import process from 'node:process'
import { isatty } from 'node:tty'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { StandardOutput } from '../io.ts'
import { outputError } from './standard-output.ts'

/** Standard output that this program alone writes to. */
export interface RelayedOutput {
  readonly stdout: StandardOutput
  /** Resolves when all of it has arrived. Rejects, as a write to standard output does, where it has not. */
  end(): Promise<void>
}

const STANDARD_OUTPUT = 1
/** open(2) for nothing but to ask what is open. */
const O_PATH = 0o10000000

/** A PKCS#11 URI, be it a key or, percent-encoded, the root of a KMS that a key URI names. */
const usesModule = (arg: string): boolean => /pkcs11(?::|%3a)/i.test(arg)

/**
 * A PKCS#11 module is code in this process, and what it prints goes to the file descriptor 1: into the key URI that a script
 * reads, or between two blocks of a file. Where the arguments name such a module, the descriptor becomes standard error for
 * as long as the process lives, since C writes what is left in its buffers at the end; what this program writes goes through
 * `cat`, which has the standard output that was there. Node can duplicate descriptors for child processes alone. What the
 * module prints is lost where standard error is a socket, as under systemd.
 *
 * `null` where it is not needed: without a module, at a terminal, which shows both anyway, and on Windows.
 */
export function relayedOutput(args: readonly string[]): RelayedOutput | null {
  if (process.platform === 'win32' || !args.some(usesModule) || isatty(STANDARD_OUTPUT)) return null
  // In a session of its own, Ctrl-C does not end it before it has passed everything on.
  const relay = spawn('cat', [], { stdio: ['pipe', STANDARD_OUTPUT, 'ignore'], detached: true })
  if (relay.pid === undefined || relay.stdin === null) {
    throw new Error('a PKCS#11 module is used with the help of the program `cat`, which cannot be started')
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    relay.once('exit', (code, signal) => resolve(signal ?? code))
  })
  const identity = originalOutput()
  replaceDescriptor()
  const { stdin } = relay
  return {
    stdout: Object.assign(stdin, identity === undefined ? {} : { fd: identity }),
    async end() {
      stdin.end()
      const how = await ended
      if (how === 0) return
      if (how !== 'SIGPIPE')
        throw new Failure('standard output did not take everything: the disk may be full', exitCodes.failed)
      throw outputError(Object.assign(new Error('the reader stopped'), { code: 'EPIPE', syscall: 'write' }))
    },
  }
}

/** What standard output was, to tell whether it is the file that is read; `undefined` where the system does not show it. */
function originalOutput(): number | undefined {
  try {
    return process.platform === 'linux' ? openSync('/proc/self/fd/1', O_PATH) : openSync('/dev/fd/1', 'w')
  } catch {
    return undefined
  }
}

/** The lowest descriptor that is free is the one that is opened next. */
function replaceDescriptor(): void {
  closeSync(STANDARD_OUTPUT)
  const opened = openStandardError()
  if (opened !== STANDARD_OUTPUT) throw new Error(`standard output became descriptor ${opened}, not 1`)
}

function openStandardError(): number {
  try {
    return openSync('/dev/fd/2', constants.O_WRONLY | constants.O_APPEND)
  } catch {
    // It is closed, or a socket, which cannot be opened again.
    return openSync('/dev/null', constants.O_WRONLY)
  }
}
