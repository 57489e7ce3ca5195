import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exitCodes } from '../src/exit-codes.ts'
import { bongtu } from './support/bongtu.ts'
import { oddities, oddModule } from './support/odd-module.ts'
import { type SoftHsm, softHsm } from './support/softhsm.ts'
import { exitOf, fromSource, mainModule, start } from './support/spawn.ts'

let home = ''
let hsm: SoftHsm
let uri = ''

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'bongtu-cli-pins-'))
  hsm = await softHsm(home)
  const made = await bongtu([
    ...['hsm', 'init', `pkcs11:token=demo?module-path=${hsm.modulePath}&pin-source=file:${hsm.pinFile}`],
    ...['--so-pin-source', `file:${hsm.soPinFile}`],
  ])
  expect([made.code, made.stderr]).toEqual([0, ''])
  uri = `pkcs11:token=demo?module-path=${oddModule(home)}`
  await writeFile(join(home, 'wrong'), '000000', { mode: 0o600 })
})
afterAll(() => rm(home, { recursive: true, force: true }))

/** In a process of its own. */
async function list(pinFile: string, ...flags: string[]): Promise<readonly [number | null, string]> {
  const env = { BONGTU_HOME: join(home, 'bongtu'), ...oddities({ hidesPinFlags: true }) }
  const args = [...fromSource, mainModule, 'hsm', 'list', `${uri}&pin-source=file:${pinFile}`, ...flags]
  const { code, stderr } = await exitOf(start(process.execPath, args, env))
  return [code, stderr]
}

it('A PIN that a token refused is not tried by the next command, until --retry-pin says that it is right', async () => {
  const remembered = join(home, 'bongtu', 'refused-pins')
  expect(await list(join(home, 'wrong'))).toEqual([exitCodes.failed, expect.stringContaining('CKR_PIN_INCORRECT')])
  expect(await readdir(remembered)).toHaveLength(1)
  expect(await list(hsm.pinFile)).toEqual([exitCodes.failed, expect.stringContaining('--retry-pin')])
  expect(await list(hsm.pinFile, '--retry-pin')).toEqual([0, ''])
  expect(await list(hsm.pinFile)).toEqual([0, ''])
  expect(await readdir(remembered)).toEqual([])
})
