import { chmod, type FileHandle, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { explain } from '../src/explain.ts'
import { fileSink } from '../src/files/file-sink.ts'
import { bongtu, interrupted } from './support/bongtu.ts'
import { aesKey } from './support/keys.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
let key: string
let signed: Buffer
let unsigned: Buffer
const plaintext = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251))

beforeEach(async () => {
  key = await aesKey(folder.path)
  const encrypt = async (...options: string[]): Promise<Buffer> =>
    (await bongtu(['encrypt', '--frame-length', '4096', '-k', key, ...options], { stdin: plaintext })).stdout
  signed = await encrypt()
  unsigned = await encrypt('--suite', '0478')
})

const turned = (message: Buffer, at: number): Buffer => {
  const copy = Buffer.from(message)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

const decrypt = (message: Buffer, ...options: string[]) =>
  bongtu(['decrypt', '-k', key, ...options], { stdin: message, env: { TMPDIR: folder.path } })

describe('to standard output', () => {
  it('a signed message goes whole, and nothing is left of where it waited', async () => {
    expect(await decrypt(signed)).toMatchObject({ code: 0, stdout: plaintext })
    expect(await folder.list()).toEqual(['key1.aes'])
  })

  it.each([
    ['its signature is wrong', () => turned(signed, signed.length - 5), 3],
    ['it is cut within its signature', () => signed.subarray(0, -5), 5],
    ['something stands behind it', () => Buffer.concat([signed, Buffer.of(0)]), 5],
    ['its last frame is altered', () => turned(signed, signed.length - 200), 3],
  ])('not one byte of a signed message goes where %s', async (_why, message, code) => {
    const answer = await decrypt(message())
    expect(answer).toMatchObject({ code, stdout: Buffer.alloc(0) })
    expect(await folder.list()).toEqual(['key1.aes'])
  })

  it('--unverified release sends the frames of a signed message as their tags verify, but never the last one', async () => {
    const { code, stdout } = await decrypt(turned(signed, signed.length - 5), '--unverified', 'release')
    expect(code).toBe(3)
    expect(stdout).toEqual(plaintext.subarray(0, plaintext.length - (plaintext.length % 4096)))
  })

  it('--unverified refuse takes no signed message, and any other', async () => {
    expect(await decrypt(signed, '--unverified', 'refuse')).toMatchObject({ code: 6, stdout: Buffer.alloc(0) })
    expect(await decrypt(unsigned, '--unverified', 'refuse')).toMatchObject({ code: 0, stdout: plaintext })
  })

  it('an unsigned message goes frame by frame, and a cut one fails all the same', async () => {
    const { code, stdout } = await decrypt(unsigned.subarray(0, -1))
    expect(code).toBe(5)
    expect(plaintext.subarray(0, stdout.length)).toEqual(stdout)
  })

  it('fails where the spool cannot be made', async () => {
    const answer = await bongtu(['decrypt', '-k', key], { stdin: signed, env: { TMPDIR: folder.at('missing') } })
    expect(answer).toMatchObject({ code: 1, stdout: Buffer.alloc(0) })
  })
})

describe('a file', () => {
  it.each([
    ['altered', () => turned(unsigned, unsigned.length - 1), 3],
    ['cut', () => unsigned.subarray(0, 100_000), 5],
    ['empty', () => Buffer.alloc(0), 5],
    ['signed wrongly', () => turned(signed, signed.length - 5), 3],
  ])('does not come of a message that is %s, with or without --unverified release', async (_what, message, code) => {
    for (const options of [[], ['--unverified', 'release']]) {
      expect(await decrypt(message(), '-o', folder.at('out'), ...options)).toMatchObject({ code })
      expect(await folder.list()).toEqual(['key1.aes'])
    }
  })

  it('that exists stays as it is where its replacement fails', async () => {
    await writeFile(folder.at('out'), 'old')
    expect(await decrypt(turned(signed, 5000), '--force', '-o', folder.at('out'))).toMatchObject({ code: 3 })
    expect(await readFile(folder.at('out'), 'utf8')).toBe('old')
  })

  it.each([
    ['is not there', 'missing', 'missing: there is no such file or folder'],
    ['is none', 'file', join('file', 'out: a part of the path is not a folder')],
  ])('is not begun where its folder %s', async (_why, name, words) => {
    await writeFile(folder.at('file'), '')
    const { code, stderr } = await decrypt(unsigned, '-o', folder.at(name, 'out'))
    expect(code).toBe(1)
    expect(stderr).toContain(folder.at(words))
    expect(await folder.list()).toEqual(['file', 'key1.aes'])
  })
})

it('names what a full disk had no room for', async () => {
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' })
  const file = { write: () => Promise.reject(full) } as unknown as FileHandle
  const failure = pipeline(Readable.from(['x'], { objectMode: false }), fileSink(file, 'spool (TMPDIR)'))
  expect(explain(await failure.catch((error: unknown) => error)).text).toBe('spool (TMPDIR): the disk is full')
})

describe('an interruption', () => {
  it.each(['encrypt', 'decrypt'])('of %s ends it with its own exit code, and leaves nothing', async (command) => {
    const abort = new AbortController()
    const stdin = new PassThrough()
    stdin.write(command === 'decrypt' ? signed.subarray(0, 200_000) : plaintext, () => abort.abort(interrupted()))
    const argv = [command, '-k', key, '-o', folder.at('out')]
    const answer = await bongtu(argv, { stdin, signal: abort.signal })
    expect(answer).toMatchObject({ code: 130, stderr: 'bongtu: interrupted\n' })
    expect(await folder.list()).toEqual(['key1.aes'])
  })
})

describe('an interruption before anything is open', () => {
  it.each([
    ['encrypt', '-k', 'KEY', 'FILE'],
    ['decrypt', '-k', 'KEY', 'FILE'],
    ['reencrypt', 'FILE', '--from', 'KEY', '--to', 'KEY'],
  ])('ends %s like any other', async (...line) => {
    await writeFile(folder.at('file'), 'x')
    const argv = line.map((part) => part.replace('FILE', folder.at('file')).replace('KEY', key))
    const answer = await bongtu(argv, { signal: AbortSignal.abort(interrupted()) })
    expect(answer).toMatchObject({ code: 130, stderr: 'bongtu: interrupted\n' })
    expect(await folder.list()).toEqual(['file', 'key1.aes'])
  })
})

describe('a terminal', () => {
  it('gets no message, except in armor', async () => {
    const encrypt = (...options: string[]) =>
      bongtu(['encrypt', '-k', key, ...options], { stdin: 'x', stdoutIsTerminal: true })
    expect(await encrypt()).toMatchObject({ code: 2, stdout: Buffer.alloc(0) })
    expect(await encrypt('--armor')).toMatchObject({ code: 0 })
  })

  it.each([
    ['text', 'Grüße,\tWelt\r\n', 0],
    ['binary', '\xff\x00', 1],
    ['an escape sequence', 'a\x1b[2Jb', 1],
    ['half a character', Buffer.from([0x61, 0xc3]), 1],
    ['a one-byte control sequence', 'a\u009b2Jb', 1],
  ])('gets a plaintext that is %s: exit code', async (_what, text, code) => {
    for (const suite of ['0478', '0578']) {
      const stdin = typeof text === 'string' ? Buffer.from(text, text.startsWith('\xff') ? 'latin1' : 'utf8') : text
      const { stdout: message } = await bongtu(['encrypt', '--suite', suite, '-k', key], { stdin })
      const argv = ['decrypt', '-k', key]
      const answer = await bongtu(argv, { stdin: message, stdoutIsTerminal: true })
      expect(answer.code).toBe(code)
      if (code === 0) expect(answer.stdout).toEqual(stdin)
      else expect(answer.stdout.length).toBeLessThan(3)
    }
  })
})

describe('secrets', () => {
  it('are in no message and no report, whatever goes wrong', async () => {
    const secrets = [
      Buffer.alloc(32, 1).toString('base64'),
      Buffer.alloc(32, 1).toString('hex'),
      'CANARY-PLAINTEXT',
      'CANARY-VALUE',
    ]
    const common = ['--json', '-k', key]
    const env = { BONGTU_DEBUG: '1' }
    const run = (argv: string[], stdin: string | Uint8Array) => bongtu([...argv, ...common], { stdin, env })
    const message = await run(['encrypt', '--required-context', 'user', '-c', 'user=CANARY-VALUE'], 'CANARY-PLAINTEXT')
    const broken = await Promise.all([
      run(['decrypt', '-c', 'user=other'], message.stdout),
      run(['decrypt', '-c', 'user=CANARY-VALUE'], turned(message.stdout, message.stdout.length - 5)),
      run(['decrypt'], message.stdout),
      run(['decrypt'], 'CANARY-PLAINTEXT'),
    ])
    await chmod(folder.at('key1.aes'), 0o644)
    broken.push(await run(['decrypt'], ''))
    expect(broken.map(({ code }) => code)).not.toContain(0)
    const said = [message.stderr, ...broken.map(({ stdout, stderr }) => stdout + stderr)].join('\n')
    for (const secret of secrets) expect(said).not.toContain(secret)
  })
})
