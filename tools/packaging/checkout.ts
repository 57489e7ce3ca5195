import { execFile } from 'node:child_process'
import { cp, mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../workspace.ts'

const leftBehind = new Set(['.git', '.turbo', 'node_modules', 'dist', 'coverage'])

/** An empty folder of this run's own; the caller removes it. */
export const temporaryFolder = async (name: string): Promise<string> =>
  mkdtemp(join(await realpath(tmpdir()), `bongtu-${name}-`))

/** Copies the repository without anything installed or built: what a fresh clone holds, with the changes not yet committed. */
export const copyCheckout = (into: string): Promise<void> =>
  cp(root, into, { recursive: true, filter: (source) => !leftBehind.has(basename(source)) })

export interface Output {
  readonly stdout: string
  readonly stderr: string
}

const fiveMinutes = 300_000
const ofThisRun = /^(VITEST|NODE_OPTIONS$|NODE_ENV$)/

/** Runs a command without a shell and without what this test run put into the environment; fails with its output. */
export const run = async (cwd: string, command: string, ...args: readonly string[]): Promise<Output> => {
  const inherited = Object.entries(process.env).filter(([name]) => !ofThisRun.test(name))
  const env = { ...Object.fromEntries(inherited), TURBO_TELEMETRY_DISABLED: '1' }
  try {
    return await promisify(execFile)(command, args, { cwd, env, maxBuffer: 1 << 26, timeout: fiveMinutes })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as Partial<Output>
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error })
  }
}
