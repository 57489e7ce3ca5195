import process from 'node:process'
import type { Io } from './io.ts'
import { run } from './run.ts'
import { catchSignals } from './signals.ts'
import { outputError } from './terminal/standard-output.ts'

const signals = catchSignals()

/** What nobody takes need not be made: whatever is under way ends, and leaves nothing behind. */
process.stdout.on('error', (error) => signals.interrupt(outputError(error)))
/** Who cannot be told is not told: the exit code still says it. */
process.stderr.on('error', () => {})

const io: Io = {
  get stdin() {
    return process.stdin
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal: signals.signal,
  native: signals.native,
}

process.exitCode = await run(process.argv.slice(2), io)
signals.end()
