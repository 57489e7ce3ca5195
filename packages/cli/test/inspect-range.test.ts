import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { bongtu } from './support/bongtu.ts'
import { aesKey } from './support/keys.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
let key: string
const plaintext = Buffer.from(Array.from({ length: 10_000 }, (_, at) => at % 253))

const message = async (name: string, ...options: string[]): Promise<string> => {
  const argv = ['encrypt', '-k', key, '--frame-length', '1000', '-o', folder.at(name), ...options]
  expect(await bongtu(argv, { stdin: plaintext })).toMatchObject({ code: 0 })
  return folder.at(name)
}

beforeEach(async () => {
  key = await aesKey(folder.path)
})

describe('inspect', () => {
  it('tells what a header says, without a key, and that nothing of it is authenticated', async () => {
    const { stdout } = await bongtu(['inspect', await message('m', '-c', 'tenant=acme')])
    const text = stdout.toString()
    for (const words of ['nothing of this is authenticated', '0x0578', 'signed', '10000 bytes', '"tenant" = "acme"'])
      expect(text).toContain(words)
    expect(text).toContain('provider "demo", key "key1"')
  })

  it('tells it in a line of JSON for each file', async () => {
    const files = [await message('a'), await message('b', '--suite', '0478', '-c', 'x=1')]
    const { stdout } = await bongtu(['inspect', '--json', ...files])
    const [a, b] = stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(a).toMatchObject({ input: files[0], authenticated: false, structure: 'whole', plaintextLength: 10_000 })
    expect(b).toMatchObject({
      header: { suite: { id: '0x0478', signed: false }, frameLength: 1000, encryptionContext: { x: '1' } },
      readableUnder: expect.arrayContaining(['require-encrypt-require-decrypt']),
    })
  })

  it('reads Base64 and pipes, of which it sees the header only', async () => {
    const { stdout } = await bongtu(['inspect', '--json', await message('a', '--armor')])
    expect(JSON.parse(stdout.toString())).toMatchObject({ structure: 'unknown', plaintextLength: null })
  })

  it('shows where the end was cut', async () => {
    const { stdout: bytes } = await bongtu(['encrypt', '--suite', '0478', '-k', key], { stdin: plaintext })
    await writeFile(folder.at('cut'), bytes.subarray(0, -1))
    expect((await bongtu(['inspect', folder.at('cut')])).stdout.toString()).toContain('CUT OR EXTENDED')
  })

  it('never lets a header speak to the terminal', async () => {
    const { stdout: bytes } = await bongtu(['encrypt', '-c', 'a\u001b]0;x\u0007=\u009b31m\u202e', '-k', key], {
      stdin: 'x',
    })
    const { stdout } = await bongtu(['inspect'], { stdin: bytes })
    expect(stdout.toString()).toContain('\\u001b]0;x\\u0007')
    expect(stdout.toString().replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it.each([
    ['nothing', '', 'ERR_TRUNCATED'],
    ['a key', '-----BEGIN PRIVATE KEY-----\n'.repeat(4), 'PEM'],
    ['hexadecimal', '0205780102030405060708090a0b0c0d0e0f101112131415161718'.repeat(3), 'hexadecimal'],
  ])('says what %s is', async (_what, stdin, words) => {
    const { code, stderr } = await bongtu(['inspect'], { stdin })
    expect(code).toBe(5)
    expect(stderr).toContain(words)
  })

  it('takes the messages in a folder with -r, and without it says so', async () => {
    await mkdir(folder.at('vault', 'sub'), { recursive: true })
    await message(join('vault', 'sub', 'a.esdk'))
    await writeFile(folder.at('vault', 'plain'), 'x')
    const { code, stdout, stderr } = await bongtu(['inspect', '-r', '--json', folder.at('vault')])
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^bongtu: left out 1:/)])
    expect(JSON.parse(stdout.toString()).input).toBe(folder.at('vault', 'sub', 'a.esdk'))
    expect(await bongtu(['inspect', folder.at('vault')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('-r'),
    })
  })

  it('goes on after a file that is not there, and reports it', async () => {
    const { code, stdout } = await bongtu(['inspect', '--json', folder.at('none'), await message('m')])
    expect(code).toBe(1)
    const lines = stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ error }) => error?.code ?? null).sort()).toEqual(['ENOENT', null])
  })
})

describe('range', () => {
  it.each([
    [0, 1],
    [999, 1001],
    [2500, 7500],
    [9999, 10_000],
    [0, 10_000],
    [5, 5],
  ])('reads the plaintext from %i to %i', async (start, end) => {
    const file = await message('m', '--suite', '0478')
    const answer = await bongtu(['range', file, '--start', String(start), '--end', String(end), '-k', key])
    expect(answer).toMatchObject({ code: 0, stderr: '' })
    expect(answer.stdout).toEqual(plaintext.subarray(start, end))
  })

  it('reads to the end by default, into a file where -o says so, and reports', async () => {
    const file = await message('m', '--suite', '0478')
    const { stdout } = await bongtu(['range', file, '--start', '9000', '-o', folder.at('part'), '--json', '-k', key])
    expect(JSON.parse(stdout.toString())).toMatchObject({ start: 9000, end: 10_000, plaintextLength: 10_000 })
    expect(await folder.list()).toEqual(['key1.aes', 'm', 'part'])
  })

  it('wants a word where the signature cannot be verified', async () => {
    const file = await message('m')
    expect(await bongtu(['range', file, '-k', key])).toMatchObject({ code: 6, stdout: Buffer.alloc(0) })
    const { stdout } = await bongtu(['range', file, '--unverified', 'release', '--end', '3', '-k', key])
    expect(stdout).toEqual(plaintext.subarray(0, 3))
  })

  it.each([
    ['beyond the end', ['--end', '10001']],
    ['backwards', ['--start', '5', '--end', '4']],
    ['no number', ['--start', '-1']],
  ])('refuses a range that is %s', async (_what, options) => {
    const file = await message('m', '--suite', '0478')
    expect(await bongtu(['range', file, '-k', key, ...options])).toMatchObject({ code: 2, stdout: Buffer.alloc(0) })
  })

  it('reads no pipe, and no message that was cut', async () => {
    expect(await bongtu(['range', '-', '-k', key])).toMatchObject({ code: 2 })
    const { stdout: bytes } = await bongtu(['encrypt', '--suite', '0478', '--frame-length', '1000', '-k', key], {
      stdin: plaintext,
    })
    await writeFile(folder.at('cut'), bytes.subarray(0, -1032))
    const answer = await bongtu(['range', folder.at('cut'), '--end', '1', '-k', key])
    expect(answer).toMatchObject({ code: 5, stdout: Buffer.alloc(0) })
  })

  it('never writes over the file that it reads', async () => {
    const file = await message('m', '--suite', '0478')
    const { code, stderr } = await bongtu(['range', file, '-o', file, '--force', '-k', key])
    expect(code).toBe(1)
    expect(stderr).toContain('same file')
  })
})
