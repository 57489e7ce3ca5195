import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEmbeddedToken, embeddedToken } from '@bongtu/hsm'
import { describe, expect, it } from 'vitest'
import { underLock } from '../src/embedded/lock.ts'
import { tokenErrorWith } from './support/rejection.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const holderModule = fileURLToPath(new URL('support/lock-holder.ts', import.meta.url))
const folder = temporaryFolder()
let count = 0

async function tokenFile(): Promise<string> {
  const file = join(folder, `${++count}.token`)
  await createEmbeddedToken({ file })
  return file
}

/** A process that makes a key, as far as its lock goes. */
async function holding(path: string): Promise<ChildProcess> {
  const args = ['--import', 'tsx', '--conditions=@bongtu/source', holderModule, path]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  if (child.stdout === null) throw new Error('no standard output')
  await once(child.stdout, 'data')
  return child
}

async function killed(child: ChildProcess): Promise<void> {
  const end = once(child, 'exit')
  child.kill('SIGKILL')
  await end
}

const newKey = (file: string) => embeddedToken({ file }).generateKey({ kind: 'aes', label: 'kek' })
const left = (): string[] => readdirSync(folder).filter((name) => name.includes('.lock'))

describe('the lock of a token file', () => {
  it('holds others off while its process lives, and none once it was killed', async () => {
    const file = await tokenFile()
    const child = await holding(`${file}.lock`)
    await expect(newKey(file)).rejects.toEqual(tokenErrorWith('failed', `another process (${child.pid})`))
    await killed(child)
    expect(existsSync(`${file}.lock`)).toBe(true)
    expect(await newKey(file)).toMatchObject({ label: 'kek' })
    expect(left()).toEqual([])
  })

  it('is taken before copies of the keys are removed that a killed process left', async () => {
    const file = await tokenFile()
    const [draft, other] = [`${file}.0123456789abcdef`, `${file}.backup`]
    for (const path of [draft, other]) writeFileSync(path, 'keys')
    const child = await holding(`${file}.lock`)
    await expect(newKey(file)).rejects.toEqual(tokenErrorWith('failed'))
    expect(existsSync(draft)).toBe(true)
    await killed(child)
    await newKey(file)
    expect([existsSync(draft), existsSync(other)]).toEqual([false, true])
  })

  it('that was left is taken over by one of many that come at once', async () => {
    const file = await tokenFile()
    const path = `${file}.lock`
    await killed(await holding(path))
    const stale = readFileSync(path)
    for (let round = 0; round < 50; round++) {
      writeFileSync(path, stale)
      let [atWork, most, done] = [0, 0, 0]
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, () =>
          underLock(path, async () => {
            most = Math.max(most, ++atWork)
            await new Promise(setImmediate)
            atWork--
            done++
          }),
        ),
      )
      expect([most, done > 0]).toEqual([1, true])
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toEqual(tokenErrorWith('failed', 'another process'))
      expect(left()).toEqual([])
    }
  })

  it('is left too where another process has the pid by now', async () => {
    const file = await tokenFile()
    const child = await holding(`${file}.lock`)
    const holder = JSON.parse(readFileSync(`${file}.lock`, 'utf8'))
    await killed(child)
    writeFileSync(`${file}.lock`, JSON.stringify({ ...holder, pid: process.pid }))
    expect(await newKey(file)).toMatchObject({ label: 'kek' })
  })

  it.each([
    ['that says nothing, as an earlier bongtu made it', () => ''],
    ['of another system, whose processes cannot be asked for', () => other(0)],
    ['that says what no process is', () => '{"id":"../../x","pid":-1}'],
  ])('%s, holds others off for ten minutes', async (_, text) => {
    const file = await tokenFile()
    writeFileSync(`${file}.lock`, text())
    await expect(newKey(file)).rejects.toEqual(tokenErrorWith('failed', 'another process'))
    const old = Date.now() - 11 * 60_000
    writeFileSync(`${file}.lock`, text() === other(0) ? other(old) : text())
    utimesSync(`${file}.lock`, new Date(old), new Date(old))
    expect(await newKey(file)).toMatchObject({ label: 'kek' })
    expect(left()).toEqual([])
  })
})

const other = (takenAt: number): string =>
  JSON.stringify({
    id: '00000000000000000000000000000000',
    pid: 1,
    began: '1',
    system: 'another',
    takenAt: takenAt === 0 ? start : takenAt,
  })
const start = Date.now()
