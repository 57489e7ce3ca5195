import { BongtuError } from '@bongtu/message-format'
import { exitCodes } from './exit-codes.ts'

/** Something that the command itself refuses or reports, as opposed to what the libraries and the system throw. */
export class Failure extends Error {
  readonly exitCode: number
  /** Whether the user was told already, so that nothing is printed again. */
  readonly told: boolean

  constructor(message: string, exitCode: number, options: { readonly cause?: unknown; readonly told?: boolean } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {})
    this.name = 'Failure'
    this.exitCode = exitCode
    this.told = options.told ?? false
  }
}

/** The user or the system asked to stop. */
export class Interrupted extends Failure {
  constructor(exitCode: number = exitCodes.interrupted) {
    super('interrupted', exitCode)
    this.name = 'Interrupted'
  }
}

/** The command line asks for something that cannot be: nothing was read or written. */
export const usage = (message: string, cause?: unknown): Failure =>
  new Failure(message, exitCodes.usage, cause === undefined ? {} : { cause })

/** This file was not done, on purpose. */
export const refused = (message: string): Failure => new Failure(message, exitCodes.failed)

/**
 * Runs what checks the caller's options: the libraries' TypeErrors and RangeErrors are mistakes of the command line, and so
 * is an encryption context that no message may have.
 */
export function asUsage<Result>(check: () => Result): Result {
  try {
    return check()
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw usage(error.message, error)
    if (BongtuError.is(error, 'ERR_CONTEXT')) throw usage(error.message, error)
    throw error
  }
}
