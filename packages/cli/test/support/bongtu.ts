import { Readable, Writable } from 'node:stream'
import { Interrupted } from '../../src/failure.ts'
import type { Io } from '../../src/io.ts'
import { run } from '../../src/run.ts'

export interface Answer {
  readonly code: number
  readonly stdout: Buffer
  readonly stderr: string
}

export interface Surroundings {
  readonly stdin?: Uint8Array | string | Readable
  readonly stdoutIsTerminal?: boolean
  readonly stderrIsTerminal?: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** Runs a command line in this process. */
export async function bongtu(argv: readonly string[], surroundings: Surroundings = {}): Promise<Answer> {
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  const code = await run(argv, ioOf(surroundings, stdout, stderr))
  return { code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }
}

/** A process around a command, and what it wrote to standard error so far. */
export function recordedIo(surroundings: Surroundings): { readonly io: Io; readonly stderr: () => string } {
  const stderr: Buffer[] = []
  return { io: ioOf(surroundings, [], stderr), stderr: () => Buffer.concat(stderr).toString() }
}

/** A process around a command, whose output nobody reads. */
export const silentIo = (): Io => ioOf({}, [], [])

function ioOf(surroundings: Surroundings, stdout: Buffer[], stderr: Buffer[]): Io {
  const { stdin = '', stdoutIsTerminal = false, stderrIsTerminal = false, env = {}, signal } = surroundings
  return {
    stdin: stdin instanceof Readable ? stdin : Readable.from([Buffer.from(stdin)], { objectMode: false }),
    stdout: Object.assign(collect(stdout), { isTTY: stdoutIsTerminal, columns: 100 }),
    stderr: Object.assign(collect(stderr), { isTTY: stderrIsTerminal, columns: 100 }),
    env,
    signal: signal ?? new AbortController().signal,
    native: { uncaught: (call) => call(), count: () => {} },
  }
}

export const interrupted = (): Interrupted => new Interrupted()

function collect(chunks: Buffer[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk))
      done()
    },
  })
}
