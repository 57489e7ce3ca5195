import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { aesKey } from './support/keys.ts'
import { ended, exitOf, fromSource, shell, shellCommand, start, startBongtu } from './support/spawn.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
let key: string

beforeEach(async () => {
  key = await aesKey(folder.path)
})

const partialFileModule = fileURLToPath(new URL('../src/files/partial-file.ts', import.meta.url))

describe('the command as a process', () => {
  it('works in a pipe of a shell', async () => {
    const plain = folder.at('plain')
    await writeFile(plain, randomBytes(3_000_000))
    const line = `${shellCommand} encrypt -k '${key}' < '${plain}' | ${shellCommand} decrypt -k '${key}' | cmp - '${plain}'`
    expect(await shell(line)).toEqual({ code: 0, stdout: Buffer.alloc(0), stderr: '' })
  })

  it.each([
    ['redirected over its input', 'encrypt FILE -o - >> FILE'],
    ['whose input is redirected from it', 'encrypt -o FILE --force < FILE'],
    ['redirected on both sides', 'encrypt < FILE >> FILE'],
  ])('refuses an output %s', async (_how, line) => {
    const file = folder.at('file')
    await writeFile(file, 'precious')
    const { code, stderr } = await shell(`${shellCommand} ${line.replaceAll('FILE', `'${file}'`)} -k '${key}'`)
    expect(code).toBe(1)
    expect(stderr).toContain('same file')
    expect(await readFile(file, 'utf8')).toBe('precious')
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('leaves nothing behind when it gets %s', async (signal) => {
    const child = startBongtu('encrypt', '-o', folder.at('out'), '-k', key)
    const closed = ended(child)
    child.stdin?.write(randomBytes(100_000))
    await vi.waitUntil(async () => (await folder.list()).some((name) => name.endsWith('.part')), { timeout: 20_000 })
    child.kill(signal)
    expect(await closed).toBe(signal === 'SIGINT' ? 130 : 143)
    expect(await folder.list()).toEqual(['key1.aes'])
  })

  it('removes what is unfinished even when it ends at once', async () => {
    const script = `
      const { partialFile } = await import(${JSON.stringify(partialFileModule)})
      await partialFile(${JSON.stringify(folder.at('out'))}, false)
      process.exit(7)`
    const child = start(process.execPath, [...fromSource, '--input-type=module', '--eval', script])
    expect((await exitOf(child)).code).toBe(7)
    expect(await folder.list()).toEqual(['key1.aes'])
  })

  it('ends quietly when nobody reads its output any more', async () => {
    await writeFile(folder.at('plain'), Buffer.alloc(5_000_000))
    const line = `{ ${shellCommand} encrypt -k '${key}' -o - '${folder.at('plain')}'; echo "code $?" >&2; } | head -c 10`
    const { stdout, stderr } = await shell(line)
    expect(stdout).toHaveLength(10)
    expect(stderr).toBe('code 141\n')
  })
})
