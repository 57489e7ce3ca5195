import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { bongtu } from './support/bongtu.ts'
import { aesKey } from './support/keys.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
let key: string

beforeEach(async () => {
  key = await aesKey(folder.path)
})

const put = async (name: string, content: string): Promise<string> => {
  await writeFile(folder.at(name), content)
  return folder.at(name)
}
const read = (name: string): Promise<string> => readFile(folder.at(name), 'utf8')

describe('one file', () => {
  it('becomes FILE.esdk and back, says nothing, and leaves nothing else', async () => {
    const plain = await put('report.txt', 'quarterly')
    expect(await bongtu(['encrypt', plain, '-k', key])).toMatchObject({ code: 0, stderr: '' })
    expect(await read('report.txt')).toBe('quarterly')
    await rm(plain)
    expect(await bongtu(['decrypt', `${plain}.esdk`, '-k', key])).toMatchObject({ code: 0, stderr: '' })
    expect(await read('report.txt')).toBe('quarterly')
    expect(await folder.list()).toEqual(['key1.aes', 'report.txt', 'report.txt.esdk'])
  })

  it('is written for its owner only, whatever its input allowed', async () => {
    const plain = await put('a', 'text')
    await chmod(plain, 0o644)
    await bongtu(['encrypt', plain, '-k', key])
    await bongtu(['decrypt', `${plain}.esdk`, '-o', folder.at('b'), '-k', key])
    expect([(await stat(folder.at('a.esdk'))).mode & 0o777, (await stat(folder.at('b'))).mode & 0o777]).toEqual([
      0o600, 0o600,
    ])
  })

  it('goes where -o says, a file, a folder that exists, or one that ends in a slash', async () => {
    const plain = await put('a', 'text')
    await mkdir(folder.at('there'))
    await bongtu(['encrypt', plain, '-o', folder.at('x'), '-k', key])
    await bongtu(['encrypt', plain, '-o', folder.at('there'), '-k', key])
    await bongtu(['encrypt', plain, '-o', `${folder.at('new')}/`, '-k', key])
    expect(await folder.list()).toEqual(['a', 'key1.aes', 'new', 'new/a.esdk', 'there', 'there/a.esdk', 'x'])
  })

  it('takes another suffix, on both sides', async () => {
    const plain = await put('a', 'text')
    await bongtu(['encrypt', plain, '--suffix', '.enc', '-k', key])
    await rm(plain)
    await bongtu(['decrypt', `${plain}.enc`, '--suffix', '.enc', '-k', key])
    expect(await read('a')).toBe('text')
  })

  it('is not decrypted beside itself where its name does not end in the suffix', async () => {
    const message = await put('message', '')
    const { code, stderr } = await bongtu(['decrypt', message, '-k', key])
    expect(code).toBe(2)
    expect(stderr).toContain('does not end in the suffix')
  })

  it.each(['', '0478', '0x0578', 'AES_256_GCM_HKDF_SHA512_COMMIT_KEY'])('is encrypted with suite %j', async (suite) => {
    const plain = await put('a', 'x'.repeat(1000))
    const options = suite === '' ? [] : ['--suite', suite]
    await bongtu(['encrypt', plain, '--frame-length', '16', '-k', key, ...options])
    expect((await bongtu(['decrypt', `${plain}.esdk`, '-o', '-', '-k', key])).stdout).toHaveLength(1000)
  })
})

describe('a pipe', () => {
  it('takes standard input to standard output where no file is named, and for -', async () => {
    const { stdout: message } = await bongtu(['encrypt', '-k', key], { stdin: 'through' })
    expect((await bongtu(['decrypt', '-', '-k', key], { stdin: message })).stdout.toString()).toBe('through')
  })

  it('goes into a file that -o names', async () => {
    await bongtu(['encrypt', '-o', folder.at('m'), '-k', key], { stdin: 'through' })
    expect((await bongtu(['decrypt', folder.at('m'), '-o', '-', '-k', key])).stdout.toString()).toBe('through')
  })

  it('is read once', async () => {
    expect((await bongtu(['encrypt', '-', '-', '-o', folder.path, '-k', key])).code).toBe(2)
  })
})

describe('what was encrypted', () => {
  const flags: Readonly<Record<string, readonly string[]>> = {
    '--armor': ['--armor'],
    '--suite': ['--suite', '0478'],
    '--frame-length': ['--frame-length', '7'],
    '--cache': ['--cache', 'max-age=1m'],
    '-c': ['-c', 'tenant=acme'],
    '--required-context': ['-c', 'left=out', '--required-context', 'left'],
  }
  const names = Object.keys(flags)
  const pairs = names.flatMap((one, index) => names.slice(index).map((other) => [one, other] as const))

  it.each(pairs)('with %s and %s comes back as it was, through pipes and files', async (one, other) => {
    const argv = ['encrypt', '-k', key, ...new Set([one, other])].flatMap((part) => flags[part] ?? [part])
    const open = ['decrypt', '-k', key, ...(argv.includes('left=out') ? ['-c', 'left=out'] : [])]
    for (const plaintext of [Buffer.alloc(0), Buffer.from('\n'), randomBytes(5_000)]) {
      const piped = await bongtu(argv, { stdin: plaintext })
      for (const unverified of ['hold', 'release']) {
        const back = await bongtu([...open, '--unverified', unverified], { stdin: piped.stdout })
        expect(back).toEqual({ code: 0, stdout: plaintext, stderr: '' })
      }
      await writeFile(folder.at('file'), plaintext)
      expect((await bongtu([...argv, '--force', folder.at('file')])).code).toBe(0)
      expect((await bongtu([...open, '--force', folder.at('file.esdk')])).code).toBe(0)
      expect(await readFile(folder.at('file'))).toEqual(plaintext)
    }
  })
})

describe('armor', () => {
  it('is Base64 in lines, and decrypt and inspect see it by themselves', async () => {
    const { stdout } = await bongtu(['encrypt', '--armor', '-k', key], { stdin: 'x'.repeat(500) })
    const lines = stdout.toString().split('\n')
    expect(lines.pop()).toBe('')
    expect(Math.max(...lines.map((line) => line.length))).toBe(76)
    expect((await bongtu(['decrypt', '-k', key], { stdin: stdout })).stdout.toString()).toBe('x'.repeat(500))
    expect((await bongtu(['inspect'], { stdin: stdout })).stdout.toString()).toContain('0x0578')
  })

  it.each([
    ['truncated', (text: string) => text.slice(0, 601), 'ERR_TRUNCATED'],
    ['mixed with something else', (text: string) => text.replace('\n', '!\n'), 'ERR_MALFORMED'],
    ['cut between its groups', (text: string) => text.replaceAll('\n', '').slice(0, 600), 'ERR_TRUNCATED'],
  ])('that is %s is refused', async (_what, change, code) => {
    const { stdout } = await bongtu(['encrypt', '--armor', '--suite', '0478', '-k', key], { stdin: 'x'.repeat(500) })
    const answer = await bongtu(['decrypt', '-o', folder.at('out'), '-k', key], { stdin: change(stdout.toString()) })
    expect(answer).toMatchObject({ code: 5 })
    expect(answer.stderr).toContain(code)
    expect(await folder.list()).toEqual(['key1.aes'])
  })
})

describe('the encryption context', () => {
  it('opens a message under the expected pairs only', async () => {
    const { stdout } = await bongtu(['encrypt', '-c', 'tenant=acme', '-c', 'note=a=b', '-k', key], { stdin: 'x' })
    const decrypt = (...pairs: string[]) =>
      bongtu(['decrypt', '-k', key, ...pairs.flatMap((pair) => ['-c', pair])], { stdin: stdout })
    expect(await decrypt()).toMatchObject({ code: 0 })
    expect(await decrypt('note=a=b')).toMatchObject({ code: 0 })
    const refused = await decrypt('tenant=evil')
    expect(refused).toMatchObject({ code: 3, stdout: Buffer.alloc(0) })
    expect(refused.stderr).toContain('ERR_CONTEXT')
    expect(refused.stderr).not.toContain('acme')
  })

  it('leaves out of the message what --required-context names, and asks for it', async () => {
    const argv = ['encrypt', '-c', 'user=hidden', '-c', 'open=1', '--required-context', 'user', '-k', key]
    const { stdout } = await bongtu(argv, { stdin: 'x' })
    expect(stdout.includes('hidden')).toBe(false)
    expect(await bongtu(['decrypt', '-k', key], { stdin: stdout })).toMatchObject({ code: 4 })
    expect(await bongtu(['decrypt', '-c', 'user=hidden', '-k', key], { stdin: stdout })).toMatchObject({ code: 0 })
  })

  it.each([['novalue'], ['=empty'], ['aws-crypto-x=1'], ['__proto__']])('refuses -c %s', async (pair) => {
    expect((await bongtu(['encrypt', '-c', pair, '-k', key])).code).not.toBe(0)
  })

  it('refuses a name twice', async () => {
    expect(await bongtu(['encrypt', '-c', 'a=1', '-c', 'a=1', '-k', key])).toMatchObject({ code: 2 })
  })

  it('takes names that objects have by themselves', async () => {
    const { stdout } = await bongtu(['encrypt', '-c', '__proto__=x', '-k', key], { stdin: 'x' })
    expect(await bongtu(['decrypt', '-c', '__proto__=y', '-k', key], { stdin: stdout })).toMatchObject({ code: 3 })
    expect(await bongtu(['decrypt', '-c', '__proto__=x', '-k', key], { stdin: stdout })).toMatchObject({ code: 0 })
  })
})

describe('what exists already', () => {
  it('is refused without --force, and replaced with it', async () => {
    const plain = await put('a', 'new')
    await put('a.esdk', 'old')
    const refused = await bongtu(['encrypt', plain, '-k', key])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('--force')
    expect(await read('a.esdk')).toBe('old')
    expect(await bongtu(['encrypt', plain, '--force', '-k', key])).toMatchObject({ code: 0 })
    expect((await bongtu(['decrypt', '-o', '-', `${plain}.esdk`, '-k', key])).stdout.toString()).toBe('new')
  })

  it.each([
    ['by its name', 'a'],
    ['by a link', 'link'],
  ])('is never input and output at once, %s', async (_how, name) => {
    const plain = await put('a', 'precious')
    await symlink(plain, folder.at('link'))
    const { code, stderr } = await bongtu(['encrypt', plain, '--force', '-o', folder.at(name), '-k', key])
    expect(code).toBe(1)
    expect(stderr).toContain('same file')
    expect(await read('a')).toBe('precious')
  })

  it('is not replaced where it is a device', async () => {
    const plain = await put('a', 'text')
    const { code, stderr } = await bongtu(['encrypt', plain, '--force', '-o', '/dev/null', '-k', key])
    expect(code).toBe(1)
    expect(stderr).toContain('no regular file')
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true)
  })
})

describe('many files', () => {
  const paths = (answer: { stdout: Buffer }): string[] => answer.stdout.toString().split('\n').filter(Boolean)

  it('keep their places below a folder, and links are not followed', async () => {
    await mkdir(folder.at('in/deep'), { recursive: true })
    await put('in/a', 'a')
    await put('in/deep/b', 'b')
    await put('elsewhere', 'x')
    await symlink(folder.at('elsewhere'), folder.at('in/link'))
    await symlink(folder.at('in'), folder.at('in/loop'))
    expect(await bongtu(['encrypt', '-r', folder.at('in'), '-o', folder.at('out'), '-k', key])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('left out 2'),
    })
    expect(await bongtu(['decrypt', '-r', folder.at('out'), '-o', folder.at('back'), '-k', key])).toMatchObject({
      code: 0,
    })
    expect((await folder.list()).filter((path) => /^(out|back)/.test(path))).toEqual([
      'back',
      'back/a',
      'back/deep',
      'back/deep/b',
      'out',
      'out/a.esdk',
      'out/deep',
      'out/deep/b.esdk',
    ])
    expect(await read('back/deep/b')).toBe('b')
  })

  it('are encrypted in place once, and only what was encrypted is decrypted', async () => {
    await mkdir(folder.at('in'))
    await put('in/a', 'a')
    await bongtu(['encrypt', '-r', folder.at('in'), '-k', key])
    await rm(folder.at('in/a'))
    await put('in/plain', 'p')
    await bongtu(['encrypt', '-r', folder.at('in'), '-k', key])
    await rm(folder.at('in/plain'))
    expect(await bongtu(['decrypt', '-r', folder.at('in'), '-k', key])).toMatchObject({ code: 0 })
    expect((await folder.list()).filter((path) => path.startsWith('in/'))).toEqual([
      'in/a',
      'in/a.esdk',
      'in/plain',
      'in/plain.esdk',
    ])
  })

  it('go on beside a folder that cannot be looked into, and fail for it in the end', async () => {
    await mkdir(folder.at('in'))
    await put('in/a', 'a')
    // Nothing is closed to root: a path that is too long is, and is made by giving a folder above it a longer name.
    let deep = folder.at('in', 'p')
    while (deep.length < 3_900) deep = join(deep, 'd'.repeat(100))
    await mkdir(deep, { recursive: true })
    const long = folder.at('in', 'p'.repeat(255))
    await rename(folder.at('in', 'p'), long)
    try {
      for (const argv of [
        ['encrypt', '-r', '-k', key],
        ['inspect', '-r'],
        ['reencrypt', '-r', '-n', '--to', key],
        ['decrypt', '-r', '--force', '-k', key],
      ]) {
        const { code, stderr } = await bongtu([...argv, folder.at('in')])
        expect([code, stderr]).toEqual([1, expect.stringContaining('ENAMETOOLONG: ')])
      }
      expect(await read('in/a')).toBe('a')
    } finally {
      await rename(long, folder.at('in', 'p'))
    }
  })

  it('go on after one that fails, tell each in a line, and count them', async () => {
    const [a, c] = [await put('a', 'a'), await put('c', 'c')]
    await bongtu(['encrypt', a, c, '-k', key])
    await put('b.esdk', 'no message at all')
    await rm(a)
    await rm(c)
    const files = ['a', 'b', 'c'].map((name) => folder.at(`${name}.esdk`))
    const { code, stderr } = await bongtu(['decrypt', ...files, folder.at('none.esdk'), '-k', key])
    expect(code).toBe(1)
    expect([await read('a'), await read('c')]).toEqual(['a', 'c'])
    expect(stderr).toMatch(/^bongtu: .*b\.esdk: ERR_MALFORMED: /m)
    expect(stderr).toMatch(/^bongtu: .*none\.esdk: ENOENT: there is no such file/m)
    expect(stderr).toMatch(/^bongtu: 2 of 4 files failed$/m)
  })

  it('tell why no key opened them in one line each', async () => {
    const [a, b] = [await put('a', 'a'), await put('b', 'b')]
    await bongtu(['encrypt', a, b, '-k', key])
    const other = await aesKey(folder.path, 'key2', 2)
    const { code, stderr } = await bongtu(['decrypt', `${a}.esdk`, `${b}.esdk`, '-o', folder.at('out'), '-k', other])
    expect(code).toBe(4)
    expect(
      stderr.match(/^bongtu: .*ERR_NO_KEY: .*"demo\/key1…" with raw-aes:demo\/key2: other key name/gm),
    ).toHaveLength(2)
    expect(stderr.trimEnd().split('\n')).toHaveLength(3)
  })

  it('share an exit code where they fail for one reason', async () => {
    const files = [await put('a.esdk', 'x'), await put('b.esdk', 'y')]
    expect((await bongtu(['decrypt', ...files, '-k', key])).code).toBe(5)
  })

  it('are reported with --json, a line each, failures too', async () => {
    const [a, b] = [await put('a', 'one'), await put('b', 'three')]
    await put('b.esdk', 'in the way')
    const answer = await bongtu(['encrypt', a, b, '--json', '-c', 'tenant=acme', '-k', key])
    const reports = paths(answer).map((line) => JSON.parse(line))
    expect(reports).toHaveLength(2)
    expect(reports.find(({ input }) => input === a)).toMatchObject({
      output: `${a}.esdk`,
      bytesRead: 3,
      header: {
        suite: { id: '0x0578', committing: true, signed: true },
        encryptionContext: { tenant: 'acme' },
        encryptedDataKeys: [{ provider: 'demo', name: 'key1' }],
        frameLength: 65_536,
      },
    })
    expect(reports.find(({ input }) => input === b)).toMatchObject({ error: { code: 'ERR_FILE' } })
  })

  it('never share a result', async () => {
    await mkdir(folder.at('x'))
    const files = [await put('a', '1'), await put('x/a', '2')]
    const { code, stderr } = await bongtu(['encrypt', ...files, '-o', folder.at('out'), '-k', key])
    expect(code).toBe(2)
    expect(stderr).toContain('would both be written to')
  })

  it('do not go to standard output', async () => {
    const files = [await put('a', '1'), await put('b', '2')]
    expect((await bongtu(['encrypt', ...files, '-o', '-', '-k', key])).code).toBe(2)
  })

  it('in a folder are taken with -r only', async () => {
    const { code, stderr } = await bongtu(['encrypt', folder.path, '-k', key])
    expect(code).toBe(2)
    expect(stderr).toContain('-r')
  })
})

describe('keys', () => {
  it('open a message that several of them wrapped, each alone', async () => {
    const other = await aesKey(folder.path, 'key2', 2)
    const { stdout } = await bongtu(['encrypt', '-k', key, '-k', other, '-k', key], { stdin: 'x' })
    for (const each of [key, other]) {
      const answer = await bongtu(['decrypt', '--json', '-k', each], { stdin: stdout })
      expect(answer.stdout.toString()).toBe('x')
      const { header, openedWith } = JSON.parse(answer.stderr)
      expect(header.encryptedDataKeys).toHaveLength(2)
      expect(each).toContain(openedWith.name)
    }
  })

  it('that do not open it are all named, with what the message wants', async () => {
    const { stdout } = await bongtu(['encrypt', '-k', key], { stdin: 'x' })
    const { code, stderr } = await bongtu(['decrypt', '-k', await aesKey(folder.path, 'key2', 2)], { stdin: stdout })
    expect(code).toBe(4)
    expect(stderr).toMatch(/ERR_NO_KEY.*\n.*"demo\/key1…" with raw-aes:demo\/key2: other key name/)
  })
})

describe('policies and limits', () => {
  it('keep non-committing suites out, unless the policy lets them in', async () => {
    const old = ['--suite', '0x0178', '--commitment-policy', 'forbid-encrypt-allow-decrypt']
    expect((await bongtu(['encrypt', '--suite', '0178', '-k', key])).code).toBe(6)
    const { stdout } = await bongtu(['encrypt', ...old, '-k', key], { stdin: 'x' })
    expect(await bongtu(['decrypt', '-k', key], { stdin: stdout })).toMatchObject({ code: 6 })
    const allow = ['--commitment-policy', 'require-encrypt-allow-decrypt']
    expect(await bongtu(['decrypt', ...allow, '-k', key], { stdin: stdout })).toMatchObject({ code: 0 })
  })

  it('count encrypted data keys', async () => {
    const keys = ['-k', key, '-k', await aesKey(folder.path, 'key2')]
    expect(await bongtu(['encrypt', '--max-encrypted-data-keys', '1', ...keys], { stdin: 'x' })).toMatchObject({
      code: 6,
    })
    const { stdout } = await bongtu(['encrypt', ...keys], { stdin: 'x' })
    const decrypt = (limit: string) =>
      bongtu(['decrypt', '--max-encrypted-data-keys', limit, ...keys], { stdin: stdout })
    expect(await decrypt('1')).toMatchObject({ code: 6 })
    expect(await decrypt('none')).toMatchObject({ code: 0 })
  })

  it.each([
    ['--max-header-length', '100'],
    ['--max-frame-length', '10'],
  ])('hold with %s %s', async (option, limit) => {
    const { stdout } = await bongtu(['encrypt', '-k', key], { stdin: 'x'.repeat(100) })
    const { code, stderr } = await bongtu(['decrypt', option, limit, '-k', key], { stdin: stdout })
    expect(code).toBe(6)
    expect(stderr).toContain('ERR_LIMIT')
  })

  it.each([
    ['--suite', 'rot13'],
    ['--frame-length', '0'],
    ['--frame-length', '1e3'],
    ['--frame-length', '4294967296'],
    ['--commitment-policy', 'none'],
    ['--max-encrypted-data-keys', '0'],
    ['--suffix', 'a/b'],
    ['--what', 'ever'],
  ])('refuse %s %s before anything is read', async (option, value) => {
    const plain = await put('a', 'text')
    expect((await bongtu(['encrypt', plain, option, value, '-k', key])).code).toBe(2)
    expect(await folder.list()).toEqual(['a', 'key1.aes'])
  })
})
