import { type ChildProcess, spawn } from 'node:child_process'
import { buffer, text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export const mainModule = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
export const repositoryRoot = fileURLToPath(new URL('../../../../', import.meta.url))

/** Node's arguments to run TypeScript of this workspace from its sources. */
export const fromSource = ['--import', 'tsx', '--conditions=@bongtu/source'] as const

export interface Exit {
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

/** Starts a command of its own, in the root of the repository. */
export function start(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(file, args, { cwd: repositoryRoot, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
}

export const startBongtu = (...args: readonly string[]): ChildProcess =>
  start(process.execPath, [...fromSource, mainModule, ...args])

/** The command as a shell line may name it. */
export const shellCommand = [process.execPath, ...fromSource, mainModule].map((part) => `'${part}'`).join(' ')

/** Runs a line in a POSIX shell. */
export const shell = (line: string, env: Readonly<Record<string, string>> = {}): Promise<Exit> =>
  exitOf(start('/bin/sh', ['-c', line], env))

/** What a process wrote, and how it ended. Its standard input is closed. */
export async function exitOf(child: ChildProcess): Promise<Exit> {
  child.stdin?.end()
  const [stdout, stderr, code] = await Promise.all([
    child.stdout === null ? Buffer.alloc(0) : buffer(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    ended(child),
  ])
  return { code, stdout, stderr }
}

export const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
