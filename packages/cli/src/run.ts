import { setMaxListeners } from 'node:events'
import { CommanderError } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { explain, isClosedOutput } from './explain.ts'
import { Failure } from './failure.ts'
import type { Io } from './io.ts'
import { closeAll } from './open-tokens.ts'
import { program } from './program.ts'
import { tellFailure } from './terminal/messages.ts'
import { written } from './terminal/standard-output.ts'

/** Runs one command line, without the name of the program in front, and answers the exit code. Never rejects. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  // Every file that is worked on listens for the interruption.
  setMaxListeners(0, io.signal)
  try {
    await program(io, (leaf, args, flags) => leaf.run(args, flags, io))
      .parseAsync([...argv], { from: 'user' })
      .catch(passHelp)
    await written(io.stdout)
    return exitCodes.done
  } catch (error) {
    // What an interruption brings to an end fails in ways of its own.
    const reason: unknown = io.signal.aborted ? io.signal.reason : error
    // Commander has told what is wrong.
    if (reason instanceof CommanderError) return exitCodes.usage
    if (reason instanceof Failure && reason.told) return reason.exitCode
    if (isClosedOutput(reason)) return explain(reason).exitCode
    return tellFailure(io, reason).exitCode
  } finally {
    await closeAll(io)
  }
}

/** Commander throws where it has printed the help, or the version, that was asked for. */
function passHelp(error: unknown): void {
  if (!(error instanceof CommanderError && error.exitCode === 0)) throw error
}
