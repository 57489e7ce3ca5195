import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { bongtu } from './support/bongtu.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
const execute = promisify(execFile)
const lines = (answer: { stdout: Buffer }): string[] => answer.stdout.toString().trimEnd().split('\n')

const roundTrip = async (encryptKey: string, decryptKey: string): Promise<void> => {
  const { stdout } = await bongtu(['encrypt', '-k', encryptKey], { stdin: 'text' })
  expect((await bongtu(['decrypt', '-k', decryptKey], { stdin: stdout })).stdout.toString()).toBe('text')
}

describe('keygen raw-aes', () => {
  it.each(['128', '192', '256'])(
    'makes a key of %s bits that only its owner can read, and prints its URI',
    async (bits) => {
      const answer = await bongtu([
        'keygen',
        'raw-aes',
        '--bits',
        bits,
        '-o',
        folder.at('a b&c.aes'),
        '--name',
        'demo/é',
      ])
      expect(answer).toMatchObject({ code: 0, stderr: '' })
      const text = await readFile(folder.at('a b&c.aes'), 'utf8')
      expect(Buffer.from(text, 'base64')).toHaveLength(Number(bits) / 8)
      expect((await stat(folder.at('a b&c.aes'))).mode & 0o777).toBe(0o600)
      const [uri = ''] = lines(answer)
      await roundTrip(uri, uri)
    },
  )

  it('names the key after its file', async () => {
    const [uri] = lines(await bongtu(['keygen', 'raw-aes', '-o', folder.at('backup.aes')]))
    expect(uri).toBe(`raw-aes:bongtu/backup?key-file=${folder.at('backup.aes')}`)
  })

  it('never loses a key, unless it is forced to', async () => {
    const keygen = (...options: string[]) => bongtu(['keygen', 'raw-aes', '-o', folder.at('k'), ...options])
    await keygen()
    const first = await readFile(folder.at('k'), 'utf8')
    expect(await keygen()).toMatchObject({ code: 1 })
    expect(await readFile(folder.at('k'), 'utf8')).toBe(first)
    expect(await keygen('--force')).toMatchObject({ code: 0 })
    expect(await readFile(folder.at('k'), 'utf8')).not.toBe(first)
  })

  it.each([
    ['--name', 'nameless'],
    ['--name', 'aws-kms/x'],
    ['--bits', '100'],
  ])('refuses %s %s', async (option, value) => {
    expect(await bongtu(['keygen', 'raw-aes', '-o', folder.at('k'), option, value])).toMatchObject({ code: 2 })
    expect(await folder.list()).toEqual([])
  })
})

describe('keygen raw-rsa', () => {
  it('makes a pair that OpenSSL reads: the first URI encrypts, the second decrypts', async () => {
    const answer = await bongtu([
      'keygen',
      'raw-rsa',
      '--bits',
      '2048',
      '-o',
      folder.at('bob.pem'),
      '--name',
      'demo/bob',
    ])
    expect(answer.code).toBe(0)
    const [encryptKey = '', decryptKey = ''] = lines(answer)
    await roundTrip(encryptKey, decryptKey)
    const { stdout } = await execute('openssl', ['pkey', '-in', folder.at('bob.pem'), '-check', '-noout'])
    expect(stdout).toContain('Key is valid')
    const { stdout: publicHalf } = await execute('openssl', ['pkey', '-in', folder.at('bob.pem'), '-pubout'])
    expect(await readFile(folder.at('bob.pem.pub'), 'utf8')).toBe(publicHalf)
    expect((await stat(folder.at('bob.pem'))).mode & 0o777).toBe(0o600)
  })

  it('leaves neither half where one of them exists', async () => {
    const keygen = () => bongtu(['keygen', 'raw-rsa', '--bits', '2048', '-o', folder.at('bob')])
    await bongtu(['keygen', 'raw-aes', '-o', folder.at('bob.pub')])
    expect(await keygen()).toMatchObject({ code: 1 })
    expect(await folder.list()).toEqual(['bob.pub'])
  })
})

describe('RSA keys that OpenSSL made', () => {
  it('are read in PKCS #8 and PKCS #1, PEM and DER', async () => {
    const openssl = (...args: string[]) => execute('openssl', args)
    const at = (name: string) => folder.at(name)
    await openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', at('p8.pem'))
    await openssl('rsa', '-in', at('p8.pem'), '-traditional', '-out', at('p1.pem'))
    await openssl('pkcs8', '-topk8', '-nocrypt', '-in', at('p8.pem'), '-outform', 'DER', '-out', at('p8.der'))
    await openssl('pkey', '-in', at('p8.pem'), '-pubout', '-out', at('spki.pem'))
    await openssl('pkey', '-in', at('p8.pem'), '-pubout', '-outform', 'DER', '-out', at('spki.der'))
    await openssl('rsa', '-in', at('p8.pem'), '-RSAPublicKey_out', '-out', at('p1.pub'))
    const uri = (half: string, file: string, padding: string) =>
      `raw-rsa:demo/r?${half}-key-file=${at(file)}&padding=${padding}`
    const paddings = ['oaep-sha1', 'oaep-sha256', 'oaep-sha384', 'oaep-sha512'] as const
    const pairs = [
      ['spki.pem', 'p8.pem'],
      ['spki.der', 'p8.der'],
      ['p1.pub', 'p1.pem'],
      ['spki.pem', 'p1.pem'],
    ] as const
    for (const [index, [publicFile, privateFile]] of pairs.entries()) {
      const padding = paddings[index] ?? 'oaep-sha256'
      await roundTrip(uri('public', publicFile, padding), uri('private', privateFile, padding))
    }
  })

  it('that are the wrong half, or locked, are refused without being quoted', async () => {
    await execute('openssl', [
      'genpkey',
      '-algorithm',
      'RSA',
      '-pkeyopt',
      'rsa_keygen_bits:2048',
      '-aes-256-cbc',
      '-pass',
      'pass:secret',
      '-out',
      folder.at('locked.pem'),
    ])
    await bongtu(['keygen', 'raw-rsa', '--bits', '2048', '-o', folder.at('k')])
    for (const [half, file] of [
      ['public', 'k'],
      ['private', 'k.pub'],
      ['private', 'locked.pem'],
    ] as const) {
      const command = half === 'public' ? 'encrypt' : 'decrypt'
      const key = `raw-rsa:demo/r?${half}-key-file=${folder.at(file)}&padding=oaep-sha256`
      const { code, stderr } = await bongtu([command, '-k', key])
      expect(code).toBe(2)
      expect(stderr).toContain(`not a ${half} key`)
      expect(stderr).not.toContain('-----BEGIN')
    }
  })
})
