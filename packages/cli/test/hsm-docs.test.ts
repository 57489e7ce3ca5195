import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { softHsmModule } from './support/softhsm.ts'
import { mainModule, shell } from './support/spawn.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
const page = new URL('../../../docs/hsm.md', import.meta.url)

/** What a stranger types under a heading of docs/hsm.md, but for what installs programs. */
async function typed(heading: string): Promise<string> {
  const section = (await readFile(page, 'utf8')).split(/^## /m).find((each) => each.startsWith(heading))
  const blocks = [...(section ?? '').matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block)
  const block = blocks.find((lines) => !lines.startsWith('apt-get '))
  if (block === undefined) throw new Error(`nothing is typed under ${heading}`)
  return block.replace('/usr/lib/softhsm/libsofthsm2.so', softHsmModule())
}

/** Types it in an empty folder, where bongtu is this one. */
function follow(lines: string) {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const bongtu = `'${process.execPath}' --import '${tsx}' --conditions=@bongtu/source '${mainModule}' "$@"`
  return shell(`set -eu; cd '${folder.path}'; bongtu() { ${bongtu}; }\n${lines}`)
}

it('SoftHSM2 in five minutes works as it stands', async () => {
  const { code, stdout, stderr } = await follow(`${await typed('SoftHSM2 in five minutes')}\ncat back.txt`)
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout.toString()).toMatch(/^pkcs11:token=demo;.*\naes-256 {2}kek .*\nok {4}aes-256 kek .*\na report\n$/s)
}, 60_000)

it('the embedded token works as it stands', async () => {
  const lines = await typed('The embedded token')
  const { code, stderr } = await follow(
    `${lines}\nbongtu decrypt memo.txt.esdk -k "$KEY" -o back.txt\ncmp memo.txt back.txt`,
  )
  expect([code, stderr]).toEqual([0, ''])
}, 60_000)
