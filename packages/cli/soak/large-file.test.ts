import { execFile } from 'node:child_process'
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fromSource, mainModule, repositoryRoot } from '../test/support/spawn.ts'

const execute = promisify(execFile)
const MIB = 2 ** 20
/** Prints the most memory that the process ever held, in KiB, when it ends. */
const measure =
  "data:text/javascript,process.on('exit',()=>process.stderr.write('maxRSS='+process.resourceUsage().maxRSS))"

let folder: string
let key: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bongtu-soak-'))
  await writeFile(join(folder, 'k'), Buffer.alloc(32, 1).toString('base64'), { mode: 0o600 })
  key = `raw-aes:demo/key1?key-file=${join(folder, 'k')}`
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs a command and answers the most memory it held, in MiB. */
async function memoryOf(...args: readonly string[]): Promise<number> {
  const node = ['--import', measure, ...fromSource, mainModule, ...args, '-k', key]
  const { stderr } = await execute(process.execPath, node, { cwd: repositoryRoot })
  return Number(/maxRSS=(\d+)/.exec(stderr)?.[1]) / 1024
}

async function roundTrip(mebibytes: number): Promise<number[]> {
  const [plain, message, back] = ['plain', 'message', 'back'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  await writeFile(plain, '')
  await truncate(plain, mebibytes * MIB)
  const memory = [
    await memoryOf('encrypt', '--force', plain, '-o', message),
    await memoryOf('decrypt', '--force', message, '-o', back),
  ]
  await using file = await open(back)
  expect((await file.stat()).size).toBe(mebibytes * MIB)
  return memory
}

it('a file of 4 GiB takes no more memory than one of 256 MiB, signed, each way', async () => {
  const small = await roundTrip(256)
  const large = await roundTrip(4096)
  for (const [index, memory] of large.entries()) expect(memory - (small[index] ?? 0)).toBeLessThan(32)
})
