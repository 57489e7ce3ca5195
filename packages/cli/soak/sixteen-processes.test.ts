import { writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { bongtu } from '../test/support/bongtu.ts'
import { exitOf, fromSource, mainModule, start } from '../test/support/spawn.ts'
import { temporaryFolder } from '../test/support/temporary-folder.ts'

const folder = temporaryFolder()
const COUNT = 16

it('16 processes that encrypt at once under the default key, with no KMS yet, make one key that opens all messages', async () => {
  const env = { BONGTU_HOME: folder.at('home') }
  const files = Array.from({ length: COUNT }, (_, at) => folder.at(`file-${at}`))
  await Promise.all(files.map((file, at) => writeFile(file, `message ${at}`)))
  const exits = await Promise.all(
    files.map((file) => exitOf(start(process.execPath, [...fromSource, mainModule, 'encrypt', file], env))),
  )
  // Those that found no KMS when they looked say that there is one now.
  const said = expect.stringMatching(/^(?:bongtu: made a KMS in .*\n)?$/)
  expect(exits).toEqual(files.map(() => ({ code: 0, stdout: Buffer.alloc(0), stderr: said })))
  expect(exits.some(({ stderr }) => stderr !== '')).toBe(true)

  const keys = (await bongtu(['kms', 'keys', '--json'], { env })).stdout.toString().trim().split('\n')
  expect(keys.map((line) => JSON.parse(line).aliases)).toEqual([['alias/bongtu']])
  const opened = await Promise.all(files.map((file) => bongtu(['decrypt', `${file}.esdk`, '-o', '-'], { env })))
  expect(opened.map(({ stdout }) => stdout.toString())).toEqual(files.map((_, at) => `message ${at}`))
})
