import type { ChildProcess } from 'node:child_process'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { exitCodes } from '../src/exit-codes.ts'
import { bongtu } from './support/bongtu.ts'
import { type OddFunction, oddities, oddModule } from './support/odd-module.ts'
import { type SoftHsm, softHsm } from './support/softhsm.ts'
import { fromSource, mainModule, start } from './support/spawn.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
let home = ''
let hsm: SoftHsm
let key = ''

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'bongtu-cli-signals-'))
  hsm = await softHsm(home)
  const uri = `pkcs11:token=demo?module-path=${hsm.modulePath}&pin-source=file:${hsm.pinFile}`
  await bongtu(['hsm', 'init', uri, '--so-pin-source', `file:${hsm.soPinFile}`])
  const made = await bongtu(['hsm', 'keygen', uri.replace('?', ';object=kek?')])
  expect([made.code, made.stderr]).toEqual([0, ''])
  key = made.stdout.toString().trim().replace(hsm.modulePath, oddModule(home))
})
afterAll(() => rm(home, { recursive: true, force: true }))

const ended = (child: ChildProcess): Promise<readonly [number | null, string | null]> =>
  new Promise((resolve) => {
    child.once('close', (code, signal) => resolve([code, signal]))
  })

/** The command, once it is in the function of the module that never returns. */
async function blocked(blocks: OddFunction, ...args: string[]): Promise<ChildProcess> {
  const mark = folder.at('mark')
  const child = start(process.execPath, [...fromSource, mainModule, ...args], oddities({ blocks, mark }))
  child.stdout?.resume()
  child.stderr?.resume()
  await vi.waitUntil(() => existsSync(mark), { timeout: 25_000 })
  return child
}

describe('a PKCS#11 module that does not answer', () => {
  it.each([
    ['C_Initialize', 'SIGINT'],
    ['C_Login', 'SIGTERM'],
  ] as const)('is left by a signal that comes while it is in %s: %s', async (name, signal) => {
    const child = await blocked(name, 'hsm', 'list', key)
    const end = ended(child)
    child.kill(signal)
    expect(await end).toEqual([null, signal])
  })

  it('on a thread of its own is left by a signal too, once everything is cleaned up', async () => {
    await writeFile(folder.at('a'), 'a message')
    const child = await blocked('C_Encrypt', 'encrypt', folder.at('a'), '-k', key)
    const end = ended(child)
    child.kill('SIGTERM')
    expect(await end).toEqual([null, 'SIGTERM'])
    expect(await folder.list()).toEqual(['a', 'mark'])
  })
})

it('A module path that is a pipe is refused, and not waited for', async () => {
  execFileSync('mkfifo', [folder.at('pipe')])
  const { code, stderr } = await bongtu(['hsm', 'list', `pkcs11:?module-path=${folder.at('pipe')}`])
  expect([code, stderr]).toEqual([exitCodes.failed, expect.stringContaining('must be a regular file')])
})
