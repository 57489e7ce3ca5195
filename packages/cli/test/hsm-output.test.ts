import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCodes } from '../src/exit-codes.ts'
import { bongtu } from './support/bongtu.ts'
import { oddities, oddModule } from './support/odd-module.ts'
import { softHsm } from './support/softhsm.ts'
import { shell, shellCommand } from './support/spawn.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
const env = oddities({ prints: true })
let home = ''
let key = ''

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'bongtu-cli-output-'))
  const { modulePath, pinFile, soPinFile } = await softHsm(home)
  const uri = `pkcs11:token=demo?module-path=${modulePath}&pin-source=file:${pinFile}`
  await bongtu(['hsm', 'init', uri, '--so-pin-source', `file:${soPinFile}`])
  expect((await bongtu(['hsm', 'keygen', uri.replace('?', ';object=kek?')])).code).toBe(0)
  key = `pkcs11:token=demo;object=kek?module-path=${oddModule(home)}&pin-source=file:${pinFile}`
})
afterAll(() => rm(home, { recursive: true, force: true }))

describe('what a PKCS#11 module prints to standard output', () => {
  /** Where standard error of the shell goes: what a test reads from otherwise is a socket, which no program opens again. */
  const errors = () => readFile(folder.at('errors'), 'utf8')

  it('goes to standard error, and never into what bongtu writes', async () => {
    const made = await shell(
      `${shellCommand} hsm keygen '${key.replace('kek', 'new')}' 2> '${folder.at('errors')}'`,
      env,
    )
    expect([made.code, made.stdout.toString()]).toEqual([0, expect.stringMatching(/^pkcs11:[^\n]*\n$/)])
    expect(await errors()).toContain('odd module: direct\n')
    // As C keeps it in its buffers to the end.
    expect(await errors()).toContain('odd module: C_Initialize\n')
  })

  it('is in no message, and none that is opened is cut short', async () => {
    const text = 'a message'.repeat(100_000)
    await writeFile(folder.at('a'), text)
    const line = `${shellCommand} encrypt '${folder.at('a')}' -o - -k '${key}' | ${shellCommand} decrypt -k '${key}'`
    const back = await shell(line, env)
    expect([back.code, back.stdout.toString() === text]).toEqual([0, true])
  })

  it('leaves a file that other commands write to as it must be', async () => {
    const file = folder.at('out')
    const list = `${shellCommand} hsm list '${key}' --json 2> '${folder.at('errors')}'`
    const { code } = await shell(`{ echo before; ${list}; echo behind; } > '${file}'`, env)
    expect([code, await errors()]).toEqual([0, expect.stringContaining('odd module')])
    expect(await readFile(file, 'utf8')).toMatch(/^before\n\{[^\n]*"label":"kek"[^\n]*\}\nbehind\n$/)
  })

  it('hides no failure of standard output', async () => {
    const list = `${shellCommand} hsm list '${key}'`
    const full = await shell(`${list} > /dev/full`, env)
    expect([full.code, full.stderr]).toEqual([exitCodes.failed, expect.stringContaining('standard output')])
    const unread = await shell(`( ${list}; echo "exit $?" >&2 ) | true`, env)
    expect(unread.stderr).toMatch(/exit (0|141)\n/)
  })

  it('does not hide that the output is the file that is read', async () => {
    const file = folder.at('a')
    await writeFile(file, 'precious')
    const { code, stderr } = await shell(`${shellCommand} encrypt '${file}' -o - -k '${key}' >> '${file}'`, env)
    expect([code, stderr]).toEqual([exitCodes.failed, expect.stringContaining('same file')])
    expect(await readFile(file, 'utf8')).toBe('precious')
  })
})
