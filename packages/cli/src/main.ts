import process from 'node:process'
import { Interrupted } from './failure.ts'
import type { Io } from './io.ts'
import { run } from './run.ts'
import { outputError } from './terminal/standard-output.ts'

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

const interruption = new AbortController()

/** The first signal lets every open file be cleaned up, the second one ends at once; `exit` listeners still run. */
for (const [name, number] of Object.entries(SIGNALS)) {
  process.once(name, () => {
    process.on(name, () => process.exit(128 + number))
    interruption.abort(new Interrupted(128 + number))
  })
}

/** What nobody takes need not be made: whatever is under way ends, and leaves nothing behind. */
process.stdout.on('error', (error) => interruption.abort(outputError(error)))
/** Who cannot be told is not told: the exit code still says it. */
process.stderr.on('error', () => {})

const io: Io = {
  get stdin() {
    return process.stdin
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal: interruption.signal,
}

process.exitCode = await run(process.argv.slice(2), io)
