import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough, Readable } from 'node:stream'
import { CreateKeyCommand, DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import { readAccessKey } from '@bongtu/kms'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { exitCodes } from '../src/exit-codes.ts'
import { bongtu } from './support/bongtu.ts'
import { type SoftHsm, softHsm } from './support/softhsm.ts'
import { startBongtu } from './support/spawn.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
let home = ''
let hsm: SoftHsm
let token = ''

/** A module belongs to the process: one folder of tokens for all tests here. */
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'bongtu-cli-hsm-'))
  hsm = await softHsm(home)
  const { modulePath, pinFile, soPinFile } = hsm
  const uri = `pkcs11:token=demo?module-path=${modulePath}&pin-source=file:${pinFile}`
  const { code, stdout, stderr } = await bongtu(['hsm', 'init', uri, '--so-pin-source', `file:${soPinFile}`])
  expect([code, stderr]).toEqual([0, ''])
  token = stdout.toString().trim()
})
afterAll(() => rm(home, { recursive: true, force: true }))

const withKey = (label: string, of = token): string => of.replace('?', `;object=${label}?`)

async function keygen(label: string, ...flags: string[]): Promise<string> {
  const { code, stdout, stderr } = await bongtu(['hsm', 'keygen', withKey(label), ...flags])
  expect([code, stderr.replace(/^bongtu: readers and writers.*\n/, '')]).toEqual([0, ''])
  return stdout.toString().trim()
}

async function roundTrip(key: string): Promise<void> {
  await writeFile(folder.at('a'), 'a message')
  for (const argv of [
    ['encrypt', folder.at('a'), '-k', key, '-c', 'tenant=acme'],
    ['decrypt', folder.at('a.esdk'), '-k', key, '-c', 'tenant=acme', '-o', folder.at('b')],
  ]) {
    const { code, stderr } = await bongtu(argv)
    expect([code, stderr]).toEqual([0, ''])
  }
  expect(await readFile(folder.at('b'), 'utf8')).toBe('a message')
}

describe('bongtu hsm init', () => {
  it('prints the URI of the token it made', () => {
    expect(token).toContain('pkcs11:token=demo;manufacturer=SoftHSM%20project;serial=')
    expect(token).toContain(`?pin-source=file:${hsm.pinFile}&module-path=${hsm.modulePath}`)
  })

  it('makes none that is there', async () => {
    const again = await bongtu(['hsm', 'init', token, '--so-pin-source', `file:${hsm.soPinFile}`])
    expect(again.code).toBe(exitCodes.failed)
    expect(again.stderr).toContain('tokenExists: there is a token labelled "demo" already')
  })

  it.each([
    ['a token without a label', 'pkcs11:?module-path=/x', 'token=LABEL'],
    ['a key that is no token', 'raw-aes:a/b', 'names no token'],
    ['a file without a path', 'token-file:', 'path of the file'],
    ['a token without a module', 'pkcs11:token=x', 'module-path'],
    ['a module by a relative path', 'pkcs11:token=x?module-path=p11.so', 'must be absolute'],
  ])('refuses %s', async (_, uri, says) => {
    const { code, stderr } = await bongtu(['hsm', 'init', uri, '--so-pin-source', 'env:NONE'])
    expect(code).toBe(exitCodes.usage)
    expect(stderr).toContain(says)
  })

  it('refuses labels and PINs that the token would not take, and makes none', async () => {
    await writeFile(folder.at('short'), '12')
    for (const [uri, says] of [
      [`pkcs11:token=${'x'.repeat(33)}?module-path=${hsm.modulePath}&pin-source=file:${hsm.pinFile}`, '32 bytes'],
      [
        `pkcs11:token=short?module-path=${hsm.modulePath}&pin-source=file:${folder.at('short')}`,
        'PIN of the user has 4',
      ],
    ] as const) {
      const { code, stderr } = await bongtu(['hsm', 'init', uri, '--so-pin-source', `file:${hsm.soPinFile}`])
      expect([code, stderr]).toEqual([exitCodes.usage, expect.stringContaining(says)])
    }
    const listed = await bongtu(['hsm', 'list', `pkcs11:?module-path=${hsm.modulePath}`])
    expect(listed.stdout.toString()).not.toContain('token=short')
  })

  it('asks for PINs at the terminal, twice each, and shows none of them', async () => {
    const stdin = new PassThrough()
    const asked = bongtu(['hsm', 'init', `pkcs11:token=typed?module-path=${hsm.modulePath}`], {
      stdin: Object.assign(stdin, { isTTY: true }) as never,
    })
    const typed = ['11112222', '11112222', '3333', '4444']
    stdin.on('resume', () => {
      const next = typed.shift()
      if (next !== undefined) setImmediate(() => stdin.write(`${next}\r`))
    })
    const { code, stdout, stderr } = await asked
    expect(code).toBe(exitCodes.usage)
    expect(stderr).toContain('the PINs differ; no token was made')
    expect(`${stdout}${stderr}`).not.toMatch(/1111|3333|4444/)
  })
})

describe('bongtu hsm keygen', () => {
  it('makes an AES key that encrypts and decrypts files, and prints the URI to use it by', async () => {
    const key = await keygen('kek')
    expect(key).toContain(';object=kek?')
    await roundTrip(key)
    const inspected = await bongtu(['inspect', folder.at('a.esdk'), '--json'])
    expect(JSON.parse(inspected.stdout.toString())).toMatchObject({
      header: { encryptedDataKeys: [{ provider: 'demo', name: 'kek' }] },
    })
  })

  it('makes an RSA key, and finds out with which padding the token decrypts', async () => {
    const key = await keygen('bob', '--kind', 'rsa', '--bits', '2048')
    expect(key).toMatch(/&padding=oaep-sha1$/)
    await roundTrip(key)
  })

  it('refuses lengths that no key has, and a second key of a label', async () => {
    const wrong = await bongtu(['hsm', 'keygen', withKey('short'), '--bits', '64'])
    expect([wrong.code, wrong.stderr]).toEqual([exitCodes.usage, expect.stringContaining('128, 192, 256 bits, not 64')])
    await keygen('once')
    const again = await bongtu(['hsm', 'keygen', withKey('once')])
    expect([again.code, again.stderr]).toEqual([exitCodes.failed, expect.stringContaining('keyExists')])
  })
})

describe('the sessions of a token', () => {
  it('are few, however many keys and files, and closed when the command is over', async () => {
    const key = await keygen('shared')
    const { default: pkcs11js } = await import('pkcs11js')
    const { prototype } = pkcs11js.PKCS11
    const { C_OpenSession: openOne, C_CloseSession: closeOne } = prototype
    let [open, most] = [0, 0]
    vi.spyOn(prototype, 'C_OpenSession').mockImplementation(function (this: typeof prototype, ...args) {
      most = Math.max(most, ++open)
      return openOne.apply(this, args)
    })
    vi.spyOn(prototype, 'C_CloseSession').mockImplementation(function (this: typeof prototype, ...args) {
      open--
      return closeOne.apply(this, args)
    })
    const names = Array.from({ length: 12 }, (_, index) => folder.at(String(index)))
    for (const name of names) await writeFile(name, 'x')
    const keys = Array.from({ length: 20 }, () => ['-k', key]).flat()
    for (const argv of [
      ['encrypt', ...names, ...keys],
      ['hsm', 'list', token],
      ['hsm', 'test', key],
    ]) {
      const { code, stderr } = await bongtu(argv)
      expect([argv[0], code, stderr, open]).toEqual([argv[0], 0, '', 0])
    }
    expect(most).toBeLessThanOrEqual(8)
    vi.restoreAllMocks()
  })
})

describe('bongtu hsm list', () => {
  it('lists the tokens of a module without asking for a PIN', async () => {
    const { code, stdout } = await bongtu(['hsm', 'list', `pkcs11:?module-path=${hsm.modulePath}`])
    expect(code).toBe(0)
    expect(stdout.toString()).toMatch(/^slot \d+ {2}pkcs11:token=demo;.* {2}PIN ok {2}AES-GCM, .*RSA-OAEP/m)
    expect(stdout.toString()).toContain('not initialized')
  })

  it('lists the keys of the token that is named, as text and as JSON', async () => {
    await keygen('listed')
    const text = await bongtu(['hsm', 'list', token])
    expect(text.stdout.toString()).toMatch(
      /^aes-256 {2}listed {2}id [0-9a-f]{16} {2}stays in the token {2}encrypts and decrypts$/m,
    )
    const json = await bongtu(['hsm', 'list', token, '--json'])
    const keys = json.stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(keys).toContainEqual(expect.objectContaining({ label: 'listed', sensitive: true, extractable: false }))
  })

  it('lists those keys alone that the URI may mean', async () => {
    await keygen('pair')
    await keygen('pair', '--kind', 'rsa', '--bits', '2048')
    const lines = async (uri: string) => {
      const { code, stdout } = await bongtu(['hsm', 'list', uri])
      expect(code).toBe(0)
      return stdout
        .toString()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.replace(/ {2}id .*/, ''))
    }
    const both = withKey('pair')
    expect((await lines(both)).toSorted()).toEqual(['aes-256  pair', 'rsa-2048  pair'])
    expect(await lines(both.replace('?', ';type=private?'))).toEqual(['rsa-2048  pair'])
    expect(await lines(withKey('nothing'))).toEqual([])
  })

  it('finds the module in the environment', async () => {
    const { code } = await bongtu(['hsm', 'list', 'pkcs11:'], { env: { BONGTU_PKCS11_MODULE: hsm.modulePath } })
    expect(code).toBe(0)
  })
})

describe('bongtu hsm test', () => {
  it('tells what it tried, and that the key serves', async () => {
    await keygen('tried')
    const { code, stdout } = await bongtu(['hsm', 'test', withKey('tried')])
    expect(code).toBe(0)
    expect(stdout.toString().trim().split('\n')).toEqual([
      expect.stringMatching(/^ok {4}aes-256 tried {2}stays in the token: /),
      expect.stringMatching(/^ok {4}aes-256 tried {2}AES-GCM: CKM_AES_GCM, equal/),
      expect.stringMatching(/^ok {4}aes-256 tried {2}messages: /),
    ])
  })

  it('fails where there is no such key, or none is named', async () => {
    const absent = await bongtu(['hsm', 'test', withKey('absent')])
    expect([absent.code, absent.stderr]).toEqual([exitCodes.failed, expect.stringContaining('no such key')])
    expect((await bongtu(['hsm', 'test', token])).code).toBe(exitCodes.usage)
  })
})

describe('a pkcs11: URI', () => {
  it.each([
    ['an unknown attribute', (uri: string) => `${uri}&pading=oaep-sha256`, 'pading'],
    ['a relative module', (uri: string) => uri.replace(/module-path=[^&]*/, 'module-path=p11.so'), 'absolute'],
    ['a command for its PIN', (uri: string) => uri.replace(/pin-source=[^&]*/, 'pin-source=|/bin/pin'), 'pin-source'],
    ['a variable that is not set', (uri: string) => uri.replace(/pin-source=[^&]*/, 'pin-source=env:NONE'), 'NONE'],
    ['the type of a certificate', (uri: string) => uri.replace('?', ';type=cert?'), 'type cert'],
  ])('with %s is a mistake of the command line, whatever the command', async (_, change, says) => {
    await writeFile(folder.at('a'), 'x')
    const uri = change(withKey('kek'))
    for (const argv of [
      ['hsm', 'list', uri],
      ['hsm', 'test', uri],
      ['hsm', 'keygen', uri],
      ['encrypt', folder.at('a'), '-k', uri],
      ['kms', 'status', '--data', folder.at('kms'), '--root', uri],
    ]) {
      const { code, stderr } = await bongtu(argv)
      expect([argv[0], code, stderr]).toEqual([argv[0], exitCodes.usage, expect.stringContaining(says)])
    }
  })

  it('means no key of another type than it names', async () => {
    await keygen('typed')
    await writeFile(folder.at('a'), 'x')
    const [secret, priv] = ['secret-key', 'private'].map((type) => withKey('typed').replace('?', `;type=${type}?`))
    for (const argv of [
      ['encrypt', folder.at('a'), '-k', priv],
      ['encrypt', folder.at('a'), '-k', `${secret}&padding=oaep-sha1`],
      ['hsm', 'keygen', priv],
      ['kms', 'status', '--data', folder.at('kms'), '--root', priv],
    ]) {
      expect((await bongtu(argv as string[])).code).toBe(exitCodes.usage)
    }
    expect((await bongtu(['hsm', 'test', priv as string])).code).toBe(exitCodes.failed)
    await roundTrip(secret as string)
  })
})

it.each(['pkcs11:?module-path=lib/p11.so', 'pkcs11:token=demo?module-path=p11.so'])(
  'bongtu hsm list refuses a module by a relative path as a mistake of the command line: %s',
  async (uri) => {
    const { code, stderr } = await bongtu(['hsm', 'list', uri])
    expect([code, stderr]).toEqual([exitCodes.usage, expect.stringContaining('must be absolute')])
  },
)

describe('a PIN', () => {
  const secret = '8675309'

  it('from a file that other users may read is warned of, by every command', async () => {
    const open = join(home, 'open pin')
    await writeFile(open, '271828', { mode: 0o644 })
    await writeFile(folder.at('a'), 'x')
    const key = (await keygen('warned')).replace(hsm.pinFile, encodeURI(open))
    for (const argv of [
      ['encrypt', folder.at('a'), '-k', key],
      ['hsm', 'list', key],
      ['hsm', 'test', key],
    ]) {
      const { code, stderr } = await bongtu(argv)
      expect([argv[0], code, stderr]).toEqual([
        argv[0],
        0,
        expect.stringContaining(`${open} holds a secret and is open`),
      ])
      expect(stderr.match(/open to other users/g)).toHaveLength(1)
    }
  })

  it.each([
    ['beside a module', 'pkcs11:token=demo;object=kek?pin-value=8675309&module-path=/x'],
    ['in a URI that is malformed', 'pkcs11:token=de mo?pin-value=8675309'],
    ['beside a source', 'pkcs11:token=demo?pin-value=8675309&pin-source=file:x'],
  ])('on the command line is refused and not repeated: %s', async (_, uri) => {
    await writeFile(folder.at('a'), 'x')
    for (const argv of [
      ['encrypt', folder.at('a'), '-k', uri],
      ['hsm', 'list', uri],
      ['hsm', 'keygen', uri],
      ['hsm', 'test', uri],
      ['hsm', 'init', uri],
    ]) {
      const { code, stdout, stderr } = await bongtu(argv)
      expect(code).toBe(exitCodes.usage)
      expect(`${stdout}${stderr}`).not.toContain(secret)
    }
  })

  it('comes from the environment, or from the terminal where there is one', async () => {
    const bare = token.replace(/pin-source=[^&]*&/, '')
    const fromEnv = await bongtu(['hsm', 'list', bare], { env: { BONGTU_PKCS11_PIN: '271828' } })
    expect(fromEnv.code).toBe(0)
  })

  it('that is wrong is an error of its own', async () => {
    const wrong = join(home, 'wrong')
    await writeFile(wrong, '000000')
    const child = startBongtu('hsm', 'list', token.replace(hsm.pinFile, wrong))
    const [code, text] = await ended(child)
    expect([code, text]).toEqual([exitCodes.failed, expect.stringContaining('wrongPin: pkcs11:token=demo')])
  })

  it('is asked for at the terminal and not shown, and a Ctrl-D there is no answer', async () => {
    const uri = `pkcs11:token=prompted?module-path=${hsm.modulePath}`
    const making = ['hsm', 'init', `${uri}&pin-source=file:${hsm.pinFile}`, '--so-pin-source', `file:${hsm.soPinFile}`]
    expect((await bongtu(making)).code).toBe(0)
    for (const [typed, code] of [
      ['\x04', exitCodes.interrupted],
      ['271828\r', 0],
    ] as const) {
      const stdin = new PassThrough()
      stdin.once('resume', () => setImmediate(() => stdin.write(typed)))
      const asked = await bongtu(['hsm', 'list', uri], { stdin: Object.assign(stdin, { isTTY: true }) as never })
      expect([asked.code, asked.stderr]).toEqual([code, expect.stringContaining('PIN of pkcs11:token=prompted: ')])
      expect(`${asked.stdout}${asked.stderr}`).not.toContain('271828')
    }
  })

  it('is asked for in vain where there is no terminal', async () => {
    const [code, text] = await ended(startBongtu('hsm', 'list', token.replace(/pin-source=[^&]*&/, '')))
    expect([code, text]).toEqual([exitCodes.usage, expect.stringContaining('there is no terminal to ask at')])
  })
})

describe('a token-file', () => {
  it.each([
    ['by its permissions', ''],
    ['by a passphrase', 'passphrase'],
  ])('is made, holds keys, and serves: sealed %s', async (_, passphrase) => {
    const file = `token-file:${folder.at('keys.token')}`
    if (passphrase !== '') await writeFile(folder.at('passphrase'), 'a long passphrase\n', { mode: 0o600 })
    const query = passphrase === '' ? '' : `passphrase-file=${folder.at('passphrase')}`
    const made = await bongtu(['hsm', 'init', `${file}${query === '' ? '' : `?${query}`}`])
    expect(made.code).toBe(0)
    expect(made.stderr).toContain(passphrase === '' ? 'only its permissions keep them' : '')
    const rest = query === '' ? '' : `&${query}`
    const aes = await bongtu(['hsm', 'keygen', `${file}?key=kek${rest}`])
    const key = aes.stdout.toString().trim()
    expect([aes.code, key]).toEqual([0, `${file}?key=kek${rest}`])
    await roundTrip(key)
    const listed = await bongtu(['hsm', 'list', `${file}${query === '' ? '' : `?${query}`}`])
    expect(listed.stdout.toString()).toMatch(/^aes-256 {2}kek /)
    expect((await bongtu(['hsm', 'test', key])).code).toBe(0)
  })

  const typing = (...lines: string[]) => {
    const stdin = new PassThrough()
    stdin.on('resume', () => {
      const next = lines.shift()
      if (next !== undefined) setImmediate(() => stdin.write(`${next}\r`))
    })
    return Object.assign(stdin, { isTTY: true }) as never
  }

  it('takes its passphrase from a file, from a variable, or from the terminal, and shows none of them', async () => {
    const passphrase = 'a long passphrase'
    await writeFile(folder.at('passphrase'), `${passphrase}\n`, { mode: 0o600 })
    const uri = (source: string) => `token-file:${folder.at('keys.token')}?key=kek&passphrase-source=${source}`
    const init = (source: string) => uri(source).replace('key=kek&', '')
    const made = await bongtu(['hsm', 'init', init('prompt')], { stdin: typing(passphrase, passphrase) })
    expect([made.code, made.stderr]).toEqual([0, expect.stringContaining('new passphrase of')])
    const key = await bongtu(['hsm', 'keygen', uri('prompt')], { stdin: typing(passphrase) })
    expect([key.code, key.stderr.match(/passphrase of/g)]).toEqual([0, ['passphrase of']])
    for (const [source, env] of [
      [`file:${folder.at('passphrase')}`, {}],
      ['env:OF_THE_TOKEN', { OF_THE_TOKEN: passphrase }],
    ] as const) {
      const listed = await bongtu(['hsm', 'list', uri(source)], { env })
      expect([listed.code, listed.stderr, listed.stdout.toString()]).toEqual([0, '', expect.stringMatching(/^aes-256/)])
    }
    expect(`${made.stdout}${made.stderr}${key.stdout}${key.stderr}`).not.toContain(passphrase)
  })

  it.each([
    ['no such source', 'passphrase-source=fd:3', 'must be file:FILE, env:NAME or prompt, got fd:3'],
    ['a variable that is not set', 'passphrase-source=env:NONE', 'NONE holds no passphrase'],
    ['two sources', 'passphrase-source=prompt&passphrase-file=x', 'not both'],
  ])('with %s for its passphrase is a mistake of the command line', async (_, query, says) => {
    for (const argv of [
      ['hsm', 'init', `token-file:${folder.at('none.token')}?${query}`],
      ['hsm', 'keygen', `token-file:${folder.at('made.token')}?key=a&${query}`],
    ]) {
      await bongtu(['hsm', 'init', `token-file:${folder.at('made.token')}`])
      const { code, stderr } = await bongtu(argv)
      expect([argv[1], code, stderr]).toEqual([argv[1], exitCodes.usage, expect.stringContaining(says)])
    }
  })

  it('is not made where the two passphrases that are typed differ, or there is no terminal', async () => {
    const init = ['hsm', 'init', `token-file:${folder.at('keys.token')}?passphrase-source=prompt`]
    const { code, stderr } = await bongtu(init, { stdin: typing('a long passphrase', 'another passphrase') })
    expect([code, stderr]).toEqual([exitCodes.usage, expect.stringContaining('the passphrases differ')])
    const alone = await bongtu(init)
    expect([alone.code, alone.stderr]).toEqual([exitCodes.usage, expect.stringContaining('there is no terminal')])
    expect(await folder.list()).toEqual([])
  })

  it('holds RSA keys, for OAEP with SHA-256', async () => {
    const file = `token-file:${folder.at('keys.token')}`
    await bongtu(['hsm', 'init', file])
    const { stdout } = await bongtu(['hsm', 'keygen', `${file}?key=bob`, '--kind', 'rsa', '--bits', '2048'])
    expect(stdout.toString().trim()).toBe(`${file}?key=bob&padding=oaep-sha256`)
    await roundTrip(stdout.toString().trim())
  })

  it.each([
    ['no key', 'token-file:x', 'name the key'],
    ['an unknown parameter', 'token-file:x?key=a&pass=b', 'pass'],
    ['no path', 'token-file:?key=a', 'path'],
  ])('is refused with %s', async (_, uri, says) => {
    await writeFile(folder.at('a'), 'x')
    const { code, stderr } = await bongtu(['encrypt', folder.at('a'), '-k', uri])
    expect([code, stderr]).toEqual([exitCodes.usage, expect.stringContaining(says)])
  })
})

describe('a KMS with --root', () => {
  it('keeps its root key in the token, which is made with the KMS, and serves keys to files', async () => {
    const data = folder.at('kms')
    const root = withKey('kms-root')
    const made = await bongtu(['kms', 'create-key', '--data', data, '--root', root, '--alias', 'alias/a'])
    expect(made.code).toBe(0)
    const listed = await bongtu(['hsm', 'list', token])
    expect(listed.stdout.toString()).toContain('aes-256  kms-root  ')
    expect((await folder.list()).filter((name) => name.includes('root'))).toEqual([])
    await roundTrip(`local-kms:alias/a?data=${encodeURIComponent(data)}&root=${encodeURIComponent(root)}`)
    const status = await bongtu(['kms', 'status', '--data', data, '--root', root])
    expect(status.stdout.toString()).toContain('root key    pkcs11:token=demo')
    const without = await bongtu(['kms', 'status', '--data', data])
    expect(without.code).toBe(exitCodes.failed)
  })

  it('is served by a process of its own, whose keys AWS clients use', async () => {
    const argv = ['--data', folder.at('served'), '--root', withKey('served-root'), '--listen', '127.0.0.1:0']
    const server = startBongtu('kms', 'start', ...argv, '--log-level', 'silent')
    const lines = createInterface({ input: server.stdout ?? Readable.from([]) })
    const { value: endpoint } = await lines[Symbol.asyncIterator]().next()
    const credentials = { ...readAccessKey(folder.at('served')) }
    const client = new KMSClient({ endpoint, region: 'us-east-1', credentials })
    const { KeyMetadata } = await client.send(new CreateKeyCommand({}))
    const KeyId = KeyMetadata?.KeyId ?? ''
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }))
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }))
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('x')
    client.destroy()
    server.kill('SIGTERM')
    expect(await ended(server)).toEqual([0, ''])
  })

  it.each([
    ['a passphrase beside it', ['--root-passphrase-file', 'x']],
    ['a key that is not named by its label alone', []],
  ])('refuses %s', async (_, flags) => {
    const root = flags.length === 0 ? `${token}&padding=oaep-sha1` : withKey('kms-root')
    const { code } = await bongtu(['kms', 'status', '--data', folder.at('kms'), '--root', root, ...flags])
    expect(code).toBe(exitCodes.usage)
  })
})

async function ended(child: ReturnType<typeof startBongtu>): Promise<[number | null, string]> {
  child.stdin?.end()
  let text = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve)
  })
  return [code, text]
}
