import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, constants, existsSync, openSync } from 'node:fs'
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

  it('ends by a second signal though it waits for a key at a pipe', async () => {
    const pipe = folder.at('pipe')
    execFileSync('mkfifo', [pipe])
    await writeFile(folder.at('plain'), 'x')
    const child = startBongtu('encrypt', folder.at('plain'), '-k', `raw-aes:demo/key?key-file=${pipe}`)
    const closed = ended(child)
    // To write is possible only once the command has it open to read.
    let writer: number | undefined
    const openToWrite = () => {
      try {
        writer = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK)
      } catch {
        return false
      }
      return true
    }
    await vi.waitUntil(openToWrite, { timeout: 20_000 })
    await vi.waitUntil(() => child.signalCode !== null || !child.kill('SIGTERM'), { timeout: 20_000 })
    expect([await closed, child.signalCode]).toEqual([null, 'SIGTERM'])
    if (writer !== undefined) closeSync(writer)
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

  it.each([
    ['what it tells of a message', 'inspect MESSAGE'],
    ['the help that was asked for', '--help'],
    ['a report', 'encrypt --json --force MESSAGE -o OUT -k KEY'],
  ])('fails where nobody gets %s', async (_what, line) => {
    const message = folder.at('message')
    await writeFile(message, (await shell(`echo x | ${shellCommand} encrypt -k '${key}'`)).stdout)
    const command = line.replace('MESSAGE', message).replace('OUT', folder.at('out')).replace('KEY', `'${key}'`)
    const toNobody = await shell(`{ ${shellCommand} ${command}; echo "code $?" >&2; } | :`)
    expect(toNobody.stderr).toBe('code 141\n')
    if (!existsSync('/dev/full')) return
    const toFullDisk = await shell(`${shellCommand} ${command} > /dev/full`)
    expect(toFullDisk).toMatchObject({ code: 1, stderr: 'bongtu: ENOSPC: standard output: the disk is full\n' })
  })

  it('keeps its exit code where nobody can be told of a failure', async () => {
    const { code } = await shell(`echo no message | ${shellCommand} decrypt -k '${key}' 2>&- >&-`)
    expect(code).toBe(5)
    const full = await shell(`echo no message | ${shellCommand} decrypt -k '${key}' 2> /dev/full`)
    expect(full.code).toBe(5)
  })
})
