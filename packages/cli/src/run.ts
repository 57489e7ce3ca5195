import { setMaxListeners } from 'node:events'
import { CommanderError } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { explain, isClosedOutput } from './explain.ts'
import { Failure } from './failure.ts'
import type { Io } from './io.ts'
import { program } from './program.ts'
import { tellFailure } from './terminal/messages.ts'

/** Runs one command line, without the name of the program in front, and answers the exit code. Never rejects. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  // Every file that is worked on listens for the interruption.
  setMaxListeners(0, io.signal)
  try {
    await program(io, (leaf, args, flags) => leaf.run(args, flags, io)).parseAsync([...argv], { from: 'user' })
    return exitCodes.done
  } catch (error) {
    // Commander has told what is wrong, or has printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    if (error instanceof Failure && error.told) return error.exitCode
    if (isClosedOutput(error)) return explain(error).exitCode
    return tellFailure(io, error).exitCode
  }
}
