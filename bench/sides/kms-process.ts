import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { seed } from './kms-requests.ts'

const bongtu = fileURLToPath(new URL('../../packages/cli/bin/bongtu.js', import.meta.url))
const fixed = fileURLToPath(new URL('./fixed-answer.mjs', import.meta.url))

/** A server in a process of its own. */
export interface ServerProcess {
  /** Host and port. */
  readonly host: string
  readonly port: number
  stop(): Promise<void>
}

/** `bongtu kms start` as users run it: built, on a data folder, checking signatures, logging every call. */
export const kmsProcess = async (): Promise<ServerProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'bongtu-bench-'))
  const seedFile = join(folder, 'seed.json')
  await writeFile(seedFile, JSON.stringify(seed))
  const started = await start([bongtu, 'kms', 'start', ...listening, '--data', folder, '--seed', seedFile])
  const stop = async (): Promise<void> => {
    await started.stop()
    await rm(folder, { recursive: true })
  }
  return { ...started, stop }
}

/** What Node's HTTP server alone does: reads the request, and answers the same bytes each time. */
export const fixedProcess = (answerLength: number): Promise<ServerProcess> => start([fixed, String(answerLength)])

/** Milliseconds from the start of the process to its first answer. */
export const startupTime = async (...options: readonly string[]): Promise<number> => {
  const begun = performance.now()
  const { host, stop } = await start([bongtu, 'kms', 'start', ...listening, ...options])
  const answer = await fetch(`http://${host}/healthz`)
  const time = performance.now() - begun
  if (!answer.ok) throw new Error(`/healthz answers ${answer.status}`)
  await stop()
  return time
}

const listening = ['--listen', '127.0.0.1:0']

const start = async (argv: readonly string[]): Promise<ServerProcess> => {
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'ignore'] })
  for await (const line of createInterface({ input: child.stdout })) {
    const { host, port } = new URL(line)
    return { host, port: Number(port), stop: () => stopped(child) }
  }
  throw new Error(`the server did not start: ${argv.join(' ')}`)
}

const stopped = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
