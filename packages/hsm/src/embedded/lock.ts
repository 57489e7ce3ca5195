import { readFile, readlink, stat, unlink, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { nodeEngine } from '@bongtu/crypto/node'
import { TokenError } from '../token-error.ts'

/** Who holds a lock. */
interface Holder {
  /** Tells this lock from every other one. */
  readonly id: string
  readonly pid: number
  /** When the process began, as its system counts; a later process may have the same pid. */
  readonly began: string | null
  /** Where pids mean the same: this start of this system, and its namespace of pids. */
  readonly system: string
  /** Milliseconds since 1970. */
  readonly takenAt: number
}

/** No process needs a lock for this long: making the longest key takes seconds. In milliseconds. */
const MOST_AGE = 10 * 60_000

/**
 * Does the work under a lock file. One that a process left behind when it was killed is taken over: it says which process
 * took it, and where that cannot be asked, as in another container, when. Throws `failed` where another process has it.
 */
export async function underLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await take(path)
  try {
    return await work()
  } finally {
    await unlink(path)
  }
}

async function take(path: string): Promise<void> {
  const text = JSON.stringify(await thisProcess())
  while (!(await written(path, text))) await removeIfLeft(path)
}

async function written(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/**
 * Removes a lock whose holder is no more. Of several that come at once, the one that has the lock on its removal does it, so
 * that none removes a lock that another has taken meanwhile.
 */
async function removeIfLeft(path: string): Promise<void> {
  const holder = await holderOf(path)
  if (holder === null) return
  if (await isAlive(holder)) {
    const which = holder.pid === 0 ? '' : ` (${holder.pid})`
    throw new TokenError('failed', `another process${which} is changing the token: ${path} is its lock`)
  }
  await underLock(`${path}.${holder.id}`, async () => {
    if ((await holderOf(path))?.id === holder.id) await unlink(path)
  })
}

/** `null` where there is no lock any more. */
async function holderOf(path: string): Promise<Holder | null> {
  try {
    return named(await readFile(path, 'utf8')) ?? (await unnamed(path))
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

/** `null` where the text says it not, or not yet. */
function named(text: string): Holder | null {
  try {
    const holder: Holder = JSON.parse(text)
    return /^[0-9a-f]{32}$/.test(holder.id) && Number.isInteger(holder.pid) && holder.pid > 0 ? holder : null
  } catch {
    return null
  }
}

/** Of an earlier bongtu, which wrote nothing into its locks, or of a process that was killed before it did. */
async function unnamed(path: string): Promise<Holder> {
  const { mtimeMs, ino } = await stat(path)
  return { id: `${ino}-${Math.trunc(mtimeMs)}`, pid: 0, began: null, system: '', takenAt: mtimeMs }
}

async function isAlive({ pid, began, system, takenAt }: Holder): Promise<boolean> {
  if (system === '' || system !== (await thisSystem())) return Math.abs(Date.now() - takenAt) < MOST_AGE
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, and another user's.
    if (isCode(error, 'ESRCH')) return false
  }
  return began === (await beginningOf(pid))
}

async function thisProcess(): Promise<Holder> {
  return {
    id: Buffer.from(nodeEngine.random(16)).toString('hex'),
    pid: process.pid,
    began: await beginningOf(process.pid),
    system: await thisSystem(),
    takenAt: Date.now(),
  }
}

const thisSystem = async (): Promise<string> =>
  [
    process.platform,
    await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    await readlink('/proc/self/ns/pid').catch(() => ''),
  ]
    .map((each) => each.trim())
    .join(' ')

/**
 * The 22nd field of proc(5)'s `stat`, counted behind the name, which may hold anything; `null` where there is no such file,
 * or the process has ended and only its parent does not know it yet.
 */
async function beginningOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [state = '', ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return 'ZX'.includes(state) ? null : (fields[18] ?? null)
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
