import process from 'node:process'
import { exitCodes } from './exit-codes.ts'
import { isClosedOutput } from './explain.ts'
import type { Io } from './io.ts'
import { run } from './run.ts'
import { catchSignals } from './signals.ts'
import { tellFailure } from './terminal/messages.ts'
import { relayedOutput } from './terminal/relayed-output.ts'
import { outputError } from './terminal/standard-output.ts'

const args = process.argv.slice(2)
const signals = catchSignals()
// Before `process.stdout` is first touched.
const relayed = relayedOutput(args)
const stdout = relayed?.stdout ?? process.stdout

/** What nobody takes need not be made: whatever is under way ends, and leaves nothing behind. */
stdout.on('error', (error) => signals.interrupt(outputError(error)))
/** Who cannot be told is not told: the exit code still says it. */
process.stderr.on('error', () => {})

const io: Io = {
  get stdin() {
    return process.stdin
  },
  stdout,
  stderr: process.stderr,
  env: process.env,
  signal: signals.signal,
  native: signals.native,
}

const exitCode = await run(args, io)
process.exitCode = (await relayed?.end().catch((error: unknown) => exitCodeWithout(error))) ?? exitCode
signals.end()

/** Of output that did not arrive. That its reader stopped says less than any other failure. */
function exitCodeWithout(error: unknown): number {
  if (isClosedOutput(error)) return exitCode === exitCodes.done ? exitCodes.outputClosed : exitCode
  const isTold = exitCode !== exitCodes.done && exitCode !== exitCodes.outputClosed
  return isTold ? exitCode : tellFailure(io, error).exitCode
}
