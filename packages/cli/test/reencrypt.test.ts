import { chmod, chown, type FileHandle, link, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { giveTo } from '../src/files/access.ts'
import { awsKeys, awsKmsServer } from './support/aws.ts'
import { type Answer, bongtu, interrupted } from './support/bongtu.ts'
import { aesKey } from './support/keys.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
let from: string
let to: string

beforeEach(async () => {
  from = await aesKey(folder.path, 'old', 1)
  to = await aesKey(folder.path, 'new', 2)
})

const run = (...argv: string[]): Promise<Answer> => bongtu(argv, { env: { BONGTU_HOME: folder.at('home') } })

async function done(...argv: string[]): Promise<Answer> {
  const answer = await run(...argv)
  expect([answer.code, answer.stderr.replace(/^bongtu: (\d+ encrypted anew|made a KMS in).*\n/m, '')]).toEqual([0, ''])
  return answer
}

/** Encrypts a file under the old key and answers the path of the message. */
async function message(name: string, plaintext: string | Buffer, ...flags: string[]): Promise<string> {
  await writeFile(folder.at(name), plaintext)
  await done('encrypt', folder.at(name), '-k', from, ...flags)
  return `${folder.at(name)}.esdk`
}

interface Header {
  readonly suite: { readonly id: string }
  readonly messageId: string
  readonly frameLength: number
  readonly encryptionContext: Readonly<Record<string, string>>
  readonly encryptedDataKeys: readonly { readonly name: string }[]
}

async function headerOf(path: string): Promise<Header> {
  return JSON.parse((await done('inspect', '--json', path)).stdout.toString()).header
}

const plaintextOf = async (path: string, key: string, ...flags: string[]): Promise<string> =>
  (await done('decrypt', path, '-o', '-', '-k', key, ...flags)).stdout.toString()

describe('reencrypt', () => {
  it('replaces a message by one under a new data key and the new keys, with its context and frames', async () => {
    const path = await message('a', 'x'.repeat(100_000), '-c', 'tenant=acme', '--frame-length', '512')
    const before = await headerOf(path)
    await done('reencrypt', path, '--from', from, '--to', to)
    const after = await headerOf(path)
    expect(after.messageId).not.toBe(before.messageId)
    expect(after.encryptedDataKeys.map(({ name }) => name)).toEqual(['new'])
    expect(after).toMatchObject({ frameLength: 512, encryptionContext: { tenant: 'acme' } })
    expect(after.encryptionContext['aws-crypto-public-key']).not.toBe(before.encryptionContext['aws-crypto-public-key'])
    expect(await plaintextOf(path, to)).toBe('x'.repeat(100_000))
    expect((await run('decrypt', path, '-o', '-', '-k', from)).code).toBe(4)
  })

  it('takes several keys on both sides, of every kind', async () => {
    await awsKmsServer()
    const path = await message('a', 'text')
    const [one, other] = [`aws-kms:${awsKeys.first}`, `aws-kms:${awsKeys.abroad}`]
    await done('reencrypt', path, '--from', to, '--from', from, '--to', one, '--to', other, '--to', 'local-kms:alias/a')
    for (const key of [one, other, 'local-kms:alias/a']) expect(await plaintextOf(path, key)).toBe('text')
    await done('reencrypt', path, '--from', other, '--to', from)
    expect(await plaintextOf(path, from)).toBe('text')
  })

  it('keeps pairs that the header leaves out as such: who decrypts must give them still', async () => {
    const path = await message('a', 'text', '-c', 'tenant=acme', '-c', 'zone=b', '--required-context', 'tenant')
    expect((await run('reencrypt', path, '--from', from, '--to', to)).code).toBe(4)
    await done('reencrypt', path, '--from', from, '--to', to, '-c', 'tenant=acme')
    expect((await headerOf(path)).encryptionContext).toMatchObject({ zone: 'b' })
    expect((await headerOf(path)).encryptionContext).not.toHaveProperty('tenant')
    expect(await plaintextOf(path, to, '-c', 'tenant=acme')).toBe('text')
  })

  it('moves a message without commitment to a suite with it, where the policy lets it be read', async () => {
    const path = await message('a', 'text', '--suite', '0x0378', '--commitment-policy', 'forbid-encrypt-allow-decrypt')
    expect((await run('reencrypt', path, '--from', from, '--to', to)).code).toBe(6)
    const policy = ['--commitment-policy', 'require-encrypt-allow-decrypt']
    await done('reencrypt', path, '--from', from, '--to', to, ...policy)
    expect((await headerOf(path)).suite.id).toBe('0x0578')
    expect(await plaintextOf(path, to)).toBe('text')
  })

  it('writes another suite or frame length where they are named', async () => {
    const path = await message('a', 'text')
    await done('reencrypt', path, '--from', from, '--to', to, '--suite', '0x0478', '--frame-length', '16')
    expect(await headerOf(path)).toMatchObject({ suite: { id: '0x0478' }, frameLength: 16 })
    expect(await plaintextOf(path, to)).toBe('text')
  })

  it('leaves Base64 as Base64, and keeps permissions', async () => {
    const path = await message('a', 'text', '--armor')
    await chmod(path, 0o640)
    await done('reencrypt', path, '--from', from, '--to', to)
    expect(await readFile(path, 'latin1')).toMatch(/^Ag[\w+/=\s]+$/)
    expect((await stat(path)).mode & 0o777).toBe(0o640)
    expect(await plaintextOf(path, to)).toBe('text')
  })

  it('replaces what a link leads to, and leaves the link', async () => {
    const path = await message('a', 'text')
    await symlink(path, folder.at('link.esdk'))
    await done('reencrypt', folder.at('link.esdk'), '--from', from, '--to', to)
    expect(await plaintextOf(path, to)).toBe('text')
    expect(await plaintextOf(folder.at('link.esdk'), to)).toBe('text')
  })

  it('takes the default key to open with', async () => {
    await writeFile(folder.at('a'), 'text')
    await done('encrypt', folder.at('a'))
    await done('reencrypt', folder.at('a.esdk'), '--to', to)
    expect(await plaintextOf(folder.at('a.esdk'), to)).toBe('text')
  })

  it('needs keys to encrypt under, files, and no standard input', async () => {
    expect((await run('reencrypt', folder.at('a'), '--from', from)).stderr).toContain('--to')
    expect((await run('reencrypt', '--to', to)).code).toBe(2)
    expect((await run('reencrypt', '-', '--to', to)).stderr).toContain('bongtu decrypt')
    expect((await run('reencrypt', folder.at('a'), '--to', 'aws-kms-discovery:?account=any')).code).toBe(2)
  })
})

describe('whose the new file is', () => {
  const SOMEBODY = 65_534
  const owner = async (path: string): Promise<object> => {
    const { uid, gid, mode } = await stat(path)
    return { uid, gid, mode: mode & 0o777 }
  }

  it('does not change', async () => {
    const path = await message('a', 'text')
    // Who is not root gives files to nobody.
    if (process.getuid?.() === 0) await chown(path, SOMEBODY, SOMEBODY)
    await chmod(path, 0o640)
    const before = await owner(path)
    await done('reencrypt', path, '--from', from, '--to', to)
    expect(await owner(path)).toEqual(before)
    expect(await plaintextOf(path, to)).toBe('text')
  })

  it('is a reason to leave a file as it is where it cannot be kept', async () => {
    const refusal = Object.assign(new Error('no'), { code: 'EPERM' })
    const file = { stat: async () => ({ uid: 1, gid: 1 }), chown: () => Promise.reject(refusal), chmod: vi.fn() }
    const given = giveTo(file as unknown as FileHandle, { uid: 2, gid: 1, mode: 0o600 })
    await expect(given).rejects.toThrow('belongs to another user or group')
    expect(file.chmod).not.toHaveBeenCalled()
  })
})

describe('a file that cannot be encrypted anew stays as it was', () => {
  async function unchanged(path: string, ...argv: string[]): Promise<Answer> {
    const [before, listed] = [await readFile(path), await folder.list()]
    const answer = await run('reencrypt', path, ...argv)
    expect(answer.code).not.toBe(0)
    expect(await readFile(path)).toEqual(before)
    expect(await folder.list()).toEqual(listed)
    return answer
  }

  it.each([
    ['its last byte', -1],
    ['a byte of its body', -200],
  ])('where %s was altered', async (_what, at) => {
    const path = await message('a', 'x'.repeat(200_000))
    const bytes = await readFile(path)
    const index = bytes.length + at
    bytes[index] = (bytes[index] ?? 0) ^ 1
    await writeFile(path, bytes)
    const { code } = await unchanged(path, '--from', from, '--to', to)
    expect([3, 5]).toContain(code)
  })

  it('where it is cut off', async () => {
    const path = await message('a', 'x'.repeat(200_000))
    await writeFile(path, (await readFile(path)).subarray(0, -300))
    expect((await unchanged(path, '--from', from, '--to', to)).code).toBe(5)
  })

  it('where the keys do not open it, or not under the context', async () => {
    const path = await message('a', 'text', '-c', 'tenant=acme')
    expect((await unchanged(path, '--from', to, '--to', to, '--all')).code).toBe(4)
    expect((await unchanged(path, '--from', from, '--to', to, '-c', 'tenant=other')).code).toBe(3)
  })

  it('where the new key does not wrap', async () => {
    const { kms } = await awsKmsServer()
    const path = await message('a', 'text')
    kms.faults.add({ operation: 'GenerateDataKey', kind: 'error', code: 'DisabledException' })
    expect((await unchanged(path, '--from', from, '--to', `aws-kms:${awsKeys.first}`)).code).toBe(4)
  })

  it('where the new key does not open what it wrapped, unless it is not asked to', async () => {
    const { kms } = await awsKmsServer()
    const path = await message('a', 'text')
    kms.faults.add({ operation: 'Decrypt', kind: 'error', code: 'AccessDeniedException' })
    const argv = ['--from', from, '--to', `aws-kms:${awsKeys.first}`]
    expect((await unchanged(path, ...argv)).code).toBe(4)
    await done('reencrypt', path, ...argv, '--no-read-back')
    kms.faults.clear()
    expect(await plaintextOf(path, `aws-kms:${awsKeys.first}`)).toBe('text')
  })

  it('where the new key only encrypts, unless it is not asked to open: the error says how', async () => {
    await run('keygen', 'raw-rsa', '-o', folder.at('bob.pem'), '--name', 'demo/bob', '--bits', '2048')
    const path = await message('a', 'text')
    const bob = `raw-rsa:demo/bob?public-key-file=${folder.at('bob.pem.pub')}&padding=oaep-sha256`
    expect((await unchanged(path, '--from', from, '--to', bob)).stderr).toContain('--no-read-back')
    await done('reencrypt', path, '--from', from, '--to', bob, '--no-read-back')
    const own = `raw-rsa:demo/bob?private-key-file=${folder.at('bob.pem')}&padding=oaep-sha256`
    expect(await plaintextOf(path, own)).toBe('text')
  })

  it('where somebody else changes it meanwhile', async () => {
    const { kms } = await awsKmsServer()
    const path = await message('a', 'text')
    kms.faults.add({ operation: 'Decrypt', kind: 'timeout' })
    const running = run('reencrypt', path, '--from', from, '--to', `aws-kms:${awsKeys.first}`)
    await vi.waitUntil(async () => (await folder.list()).some((name) => name.endsWith('.part')), { timeout: 10_000 })
    await writeFile(path, 'something else')
    kms.faults.clear()
    const { code, stderr } = await running
    expect(code).toBe(1)
    expect(stderr).toContain('changed by somebody else')
    expect(await readFile(path, 'utf8')).toBe('something else')
  })

  it('where the run is interrupted', async () => {
    const { kms } = await awsKmsServer()
    const path = await message('a', 'text')
    const before = await readFile(path)
    kms.faults.add({ operation: 'Decrypt', kind: 'timeout' })
    const interruption = new AbortController()
    const running = bongtu(['reencrypt', path, '--from', from, '--to', `aws-kms:${awsKeys.first}`], {
      signal: interruption.signal,
    })
    await vi.waitUntil(async () => (await folder.list()).some((name) => name.endsWith('.part')), { timeout: 10_000 })
    interruption.abort(interrupted())
    expect((await running).code).toBe(130)
    expect(await readFile(path)).toEqual(before)
    expect((await folder.list()).filter((name) => name.endsWith('.part'))).toEqual([])
    kms.faults.clear()
  })
})

describe('reencrypt of a folder', () => {
  async function vault(): Promise<string[]> {
    await mkdir(folder.at('plain', 'sub'), { recursive: true })
    const names = ['a', 'b', 'sub/c']
    for (const name of names) await writeFile(folder.at('plain', name), `text of ${name}`)
    await done('encrypt', '-r', folder.at('plain'), '-o', folder.at('vault'), '-k', from)
    return names.map((name) => folder.at('vault', `${name}.esdk`))
  }
  const outcomes = ({ stdout }: Answer) =>
    stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { input: string; outcome?: string; error?: unknown })

  it('takes up where it stopped: what is current already is left alone', async () => {
    const [a = '', b = '', c = ''] = await vault()
    await done('reencrypt', b, '--from', from, '--to', to)
    const [left] = [await readFile(b)]
    const answer = await run('reencrypt', '-r', folder.at('vault'), '--from', from, '--to', to)
    expect([answer.code, answer.stderr]).toEqual([0, 'bongtu: 2 encrypted anew, 1 current already\n'])
    expect(await readFile(b)).toEqual(left)
    for (const [path, name] of [
      [a, 'a'],
      [b, 'b'],
      [c, 'sub/c'],
    ] as const) {
      expect(await plaintextOf(path, to)).toBe(`text of ${name}`)
    }
    const again = await run('reencrypt', '-r', folder.at('vault'), '--from', from, '--to', to)
    expect(again.stderr).toBe('bongtu: 0 encrypted anew, 3 current already\n')
  })

  it('goes on behind a file that fails, and another run does the rest', async () => {
    const [a = ''] = await vault()
    const good = await readFile(a)
    await writeFile(a, good.subarray(0, 100))
    const answer = await run('reencrypt', '-r', folder.at('vault'), '--from', from, '--to', to)
    expect(answer.code).toBe(5)
    expect(answer.stderr).toContain('2 encrypted anew')
    await writeFile(a, good)
    expect((await run('reencrypt', '-r', folder.at('vault'), '--from', from, '--to', to)).stderr).toBe(
      'bongtu: 1 encrypted anew, 2 current already\n',
    )
  })

  it('tells with --dry-run which files are current, and why others are not, and changes none', async () => {
    const paths = await vault()
    const [a = '', b = '', c = ''] = paths
    await done('reencrypt', a, '--from', from, '--to', to)
    await done('reencrypt', b, '--from', from, '--to', to, '--suite', '0x0478')
    const before = await Promise.all(paths.map((path) => readFile(path)))
    const { code, stdout, stderr } = await run('reencrypt', '-r', folder.at('vault'), '-n', '--to', to)
    expect([code, stderr]).toEqual([0, 'bongtu: 0 encrypted anew, 1 current already, 2 outdated\n'])
    expect(stdout.toString().trim().split('\n').sort()).toEqual([
      `current  ${a}`,
      `outdated ${b}: is of suite AES_256_GCM_HKDF_SHA512_COMMIT_KEY`,
      `outdated ${c}: is under other keys`,
    ])
    expect(await Promise.all(paths.map((path) => readFile(path)))).toEqual(before)
  })

  it('reports each file with --json', async () => {
    const [a = '', b = '', c = ''] = await vault()
    await done('reencrypt', a, '--from', from, '--to', to)
    await writeFile(b, 'no message')
    const answer = await run('reencrypt', '-r', folder.at('vault'), '--from', from, '--to', to, '--json')
    expect(outcomes(answer).sort((one, other) => (one.input < other.input ? -1 : 1))).toMatchObject([
      { input: a, outcome: 'current' },
      { input: b, error: { code: 'ERR_MALFORMED' } },
      {
        input: c,
        outcome: 'reencrypted',
        before: { suite: { id: '0x0578' } },
        header: { encryptedDataKeys: [{ name: 'new' }] },
      },
    ])
  })

  it('encrypts current files anew with --all', async () => {
    const [a = ''] = await vault()
    const { messageId } = await headerOf(a)
    await done('reencrypt', a, '--from', from, '--to', from)
    expect((await headerOf(a)).messageId).toBe(messageId)
    await done('reencrypt', a, '--from', from, '--to', from, '--all')
    expect((await headerOf(a)).messageId).not.toBe(messageId)
  })

  it('knows a key by whatever name it is given, and asks for that once', async () => {
    const { kms } = await awsKmsServer()
    await vault()
    const key = ['--to', 'aws-kms:alias/first?resolve=true']
    await done('reencrypt', '-r', folder.at('vault'), '--from', from, ...key)
    kms.faults.add({ operation: 'Decrypt', kind: 'error', code: 'AccessDeniedException' })
    for (const same of [key, ['--to', `aws-kms:${awsKeys.first}`]]) {
      const { stderr } = await run('reencrypt', '-r', folder.at('vault'), '-n', ...same)
      expect(stderr).toBe('bongtu: 0 encrypted anew, 3 current already\n')
    }
    const other = await run('reencrypt', '-r', folder.at('vault'), '-n', '--to', `aws-kms:${awsKeys.second}`)
    expect(other.stderr).toContain('3 outdated')
  })

  it('counts hard links as the files they are', async () => {
    const [a = ''] = await vault()
    await link(a, folder.at('vault', 'same.esdk'))
    const { code, stderr } = await run('reencrypt', '-r', folder.at('vault'), '--from', from, '--to', to)
    expect(code).toBe(0)
    expect(stderr).toContain(`warning: ${a} has other names (hard links), which keep the old message`)
    for (const path of [a, folder.at('vault', 'same.esdk')]) expect(await plaintextOf(path, to)).toBe('text of a')
  })
})
