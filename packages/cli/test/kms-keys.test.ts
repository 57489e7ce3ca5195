import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { describe, expect, it, vi } from 'vitest'
import { ACCOUNT, awsKeys, awsKmsServer, keysIn } from './support/aws.ts'
import { type Answer, bongtu } from './support/bongtu.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
const plaintext = 'a secret of 1 line\n'

/** Runs a command with a home of its own. */
const run = (argv: readonly string[], stdin: string | Uint8Array = ''): Promise<Answer> =>
  bongtu(argv, { stdin, env: { BONGTU_HOME: folder.at('home') } })

/** Runs it, and fails where it fails. */
async function done(argv: readonly string[], stdin?: string | Uint8Array): Promise<Buffer> {
  const { code, stdout, stderr } = await run(argv, stdin)
  expect([stderr.replace(/^bongtu: made a KMS in .*\n/, ''), code]).toEqual(['', 0])
  return stdout
}

const keysOf = async (message: Uint8Array): Promise<string[]> => {
  const { header } = JSON.parse((await done(['inspect', '--json'], message)).toString())
  return header.encryptedDataKeys.map(({ name }: { name: string }) => name)
}

describe('the default key', () => {
  it('is made on first use, and then used again', async () => {
    const one = await done(['encrypt'], plaintext)
    const other = await done(['encrypt'], plaintext)
    expect(await keysOf(one)).toEqual(await keysOf(other))
    expect(await keysIn(folder.at('home', 'kms'))).toBe(1)
    for (const message of [one, other]) expect((await done(['decrypt'], message)).toString()).toBe(plaintext)
  })

  it('comes with a KMS where there is none yet, and the user is told where it is, once', async () => {
    const { stderr } = await run(['encrypt'], plaintext)
    expect(stderr).toBe(
      `bongtu: made a KMS in ${folder.at('home', 'kms')}: only it opens what is encrypted under its keys; see \`bongtu kms backup\`\n`,
    )
    expect((await run(['encrypt'], plaintext)).stderr).toBe('')
  })

  it('is that of alias/bongtu, which kms keys shows and rotate rotates', async () => {
    const before = await done(['encrypt'], plaintext)
    expect((await done(['kms', 'keys'])).toString()).toMatch(/aliases +alias\/bongtu/)
    await done(['kms', 'rotate', 'alias/bongtu'])
    await done(['kms', 'rotate', '--domain'])
    const after = await done(['encrypt', '-k', 'local-kms:alias/bongtu'], plaintext)
    expect(await keysOf(after)).toEqual(await keysOf(before))
    for (const message of [before, after]) expect((await done(['decrypt'], message)).toString()).toBe(plaintext)
  })

  it('serves a folder of files, several at once', async () => {
    await mkdir(folder.at('plain'))
    for (let file = 0; file < 30; file++) await writeFile(folder.at('plain', String(file)), plaintext + file)
    await done(['encrypt', '-r', folder.at('plain'), '-o', folder.at('sealed')])
    await done(['decrypt', '-r', folder.at('sealed'), '-o', folder.at('back')])
    for (let file = 0; file < 30; file++) {
      expect(await readFile(folder.at('back', String(file)), 'utf8')).toBe(plaintext + file)
    }
    expect(await keysIn(folder.at('home', 'kms'))).toBe(1)
  })

  it('is not made to decrypt: the error says where there is none', async () => {
    const message = await done(['encrypt'], plaintext)
    await rm(folder.at('home'), { recursive: true })
    const { code, stderr } = await run(['decrypt'], message)
    expect(code).toBe(4)
    expect(stderr).toContain(`${folder.at('home', 'kms')} holds no KMS`)
    expect(await keysIn(folder.at('home', 'kms'))).toBe(0)
  })
})

describe('local-kms', () => {
  it('decrypts only what the named key encrypted, and names the key and the way out otherwise', async () => {
    const message = await done(['encrypt', '-k', 'local-kms:alias/one'], plaintext)
    const [arn] = await keysOf(message)
    expect((await done(['decrypt', '-k', 'local-kms:alias/one'], message)).toString()).toBe(plaintext)
    expect((await done(['decrypt', '-k', `local-kms:${arn}`], message)).toString()).toBe(plaintext)
    const absent = await run(['decrypt', '-k', 'local-kms:alias/two'], message)
    expect(absent.code).toBe(4)
    expect(absent.stderr).toContain(`it is under ${arn}, and alias/two names no key there; local-kms:* opens`)
    expect(await keysIn(folder.at('home', 'kms'))).toBe(1)
    const [two] = await keysOf(await done(['encrypt', '-k', 'local-kms:alias/two'], plaintext))
    const other = await run(['decrypt', '-k', 'local-kms:alias/two'], message)
    expect([other.code, other.stdout.length]).toEqual([4, 0])
    expect(other.stderr).toContain(`it is under ${arn}, and alias/two names ${two} now; local-kms:* opens`)
  })

  it('decrypts with any key of that KMS as local-kms:*, which is the default', async () => {
    for (const alias of ['alias/one', 'alias/two']) {
      const message = await done(['encrypt', '-k', `local-kms:${alias}`], plaintext)
      expect((await done(['decrypt', '-k', 'local-kms:*'], message)).toString()).toBe(plaintext)
      expect((await done(['decrypt'], message)).toString()).toBe(plaintext)
    }
  })

  it('follows the same rule in reencrypt --from', async () => {
    const path = folder.at('file.esdk')
    await writeFile(path, await done(['encrypt', '-k', 'local-kms:alias/one'], plaintext))
    const to = ['--to', 'local-kms:alias/two']
    const { code, stderr } = await run(['reencrypt', path, '--from', 'local-kms:alias/two', ...to])
    expect(code).toBe(4)
    expect(stderr).toContain('local-kms:* opens')
    await done(['reencrypt', path, ...to])
    expect((await done(['decrypt', '-k', 'local-kms:alias/two'], await readFile(path))).toString()).toBe(plaintext)
    await done(['reencrypt', path, '--all', '--from', 'local-kms:*', ...to])
  })

  it('takes another folder, and a root key out of a passphrase', async () => {
    await writeFile(folder.at('passphrase'), 'correct horse battery staple\n', { mode: 0o600 })
    const key = `local-kms:alias/a?data=${folder.at('elsewhere')}&root-passphrase-file=${folder.at('passphrase')}`
    const message = await done(['encrypt', '-k', key], plaintext)
    expect((await done(['decrypt', '-k', key], message)).toString()).toBe(plaintext)
    expect(await folder.list()).not.toContain('home')
    expect(await folder.list()).not.toContain('elsewhere/root.key')
    const { code } = await run(['decrypt', '-k', `local-kms:alias/a?data=${folder.at('elsewhere')}`], message)
    expect(code).toBe(4)
  })

  it('wraps beside keys of other kinds', async () => {
    await awsKmsServer()
    const message = await done(['encrypt', '-k', 'local-kms:alias/a', '-k', `aws-kms:${awsKeys.first}`], plaintext)
    expect((await done(['decrypt', '-k', `aws-kms:${awsKeys.first}`], message)).toString()).toBe(plaintext)
    expect((await done(['decrypt'], message)).toString()).toBe(plaintext)
  })
})

describe('aws-kms', () => {
  it('encrypts by every name of a key, and decrypts by its ARN', async () => {
    await awsKmsServer()
    const names = [
      'alias/first',
      awsKeys.first.slice(-36),
      `arn:aws:kms:us-east-1:${ACCOUNT}:alias/first`,
      awsKeys.first,
    ]
    for (const name of names) {
      const message = await done(['encrypt', '-k', `aws-kms:${name}`], plaintext)
      expect(await keysOf(message)).toEqual([awsKeys.first])
      expect((await done(['decrypt', '-k', `aws-kms:${awsKeys.first}`], message)).toString()).toBe(plaintext)
      expect((await done(['decrypt', '-k', `aws-kms:${name}?resolve=true`], message)).toString()).toBe(plaintext)
    }
  })

  it('does not decrypt by an alias or a bare id unless it may be resolved, and says so at once', async () => {
    for (const name of ['alias/first', awsKeys.first.slice(-36), 'arn:aws:kms:us-east-1:1:alias/a', '']) {
      const { code, stderr } = await run(['decrypt', '-k', `aws-kms:${name}`], 'nothing is read')
      expect(code).toBe(2)
      expect(stderr).toMatch(/give the key ARN, or add \?resolve=true/)
    }
  })

  it('wraps under keys of several Regions, each of which opens', async () => {
    await awsKmsServer()
    const keys = [awsKeys.first, awsKeys.abroad, awsKeys.second]
    const message = await done(['encrypt', ...keys.flatMap((key) => ['-k', `aws-kms:${key}`])], plaintext)
    expect(await keysOf(message)).toEqual(keys)
    for (const key of keys) {
      expect((await done(['decrypt', '-k', `aws-kms:${key}`], message)).toString()).toBe(plaintext)
    }
  })

  it('opens with a replica only as aws-kms-mrk', async () => {
    await awsKmsServer()
    const message = await done(['encrypt', '-k', `aws-kms-mrk:${awsKeys.mrk.home}`], plaintext)
    expect((await done(['decrypt', '-k', `aws-kms-mrk:${awsKeys.mrk.abroad}`], message)).toString()).toBe(plaintext)
    const { code, stderr } = await run(['decrypt', '-k', `aws-kms:${awsKeys.mrk.abroad}`], message)
    expect(code).toBe(4)
    expect(stderr).toContain('a replica of this key in another Region')
  })

  it('says what AWS KMS answered', async () => {
    const { kms } = await awsKmsServer()
    kms.faults.add({ operation: '*', kind: 'error', code: 'DisabledException' })
    const { code, stderr } = await run(['encrypt', '-k', `aws-kms:${awsKeys.first}`], plaintext)
    expect(code).toBe(4)
    expect(stderr).toMatch(/ERR_KEYRING: aws-kms:arn:.* did not wrap the data key: DisabledException: .*\(request /)
  })
})

describe('where calls to AWS KMS go', () => {
  const encrypted = (...argv: string[]) => done(['encrypt', ...argv], plaintext)

  it('is what --region, --endpoint-url and --profile say, before the variables of the environment', async () => {
    const { url } = await awsKmsServer()
    await writeFile(
      folder.at('credentials'),
      '[dev]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret of the profile\n',
    )
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', folder.at('credentials'))
    vi.stubEnv('AWS_ENDPOINT_URL_KMS', 'http://127.0.0.1:1')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wrong')
    const flags = ['--region', 'eu-west-1', '--endpoint-url', url, '--profile', 'dev']
    const id = awsKeys.abroad.slice(-36)
    expect(await keysOf(await encrypted('-k', `aws-kms:${id}`, ...flags))).toEqual([awsKeys.abroad])
    expect((await run(['encrypt', '-k', `aws-kms:${id}`], plaintext)).stderr).toContain('127.0.0.1:1')
  })

  it('is what the key says, before the options of the command', async () => {
    const { url } = await awsKmsServer()
    const key = `aws-kms:${awsKeys.abroad.slice(-36)}?region=eu-west-1&endpoint-url=${encodeURIComponent(url)}`
    const flags = ['--region', 'us-east-1', '--endpoint-url', 'http://127.0.0.1:1']
    expect(await keysOf(await encrypted('-k', key, ...flags))).toEqual([awsKeys.abroad])
  })

  it('is not another machine over plain http, unless that is allowed', async () => {
    const flags = [
      '-k',
      `aws-kms:${awsKeys.first}`,
      '--endpoint-url',
      'http://kms.invalid:4599',
      '--region',
      'us-east-1',
    ]
    const { code, stderr } = await run(['encrypt', ...flags], plaintext)
    expect(code).toBe(2)
    expect(stderr).toContain('in clear')
    expect((await run(['encrypt', ...flags, '--allow-plain-http', '--profile', 'none'], plaintext)).code).toBe(4)
  })
})

describe('discovery', () => {
  const decrypted = async (message: Buffer, ...argv: string[]) => (await done(['decrypt', ...argv], message)).toString()

  it('opens with whatever key a message names, of the accounts and Regions given', async () => {
    await awsKmsServer()
    const message = await done(['encrypt', '-k', `aws-kms:${awsKeys.abroad}`], plaintext)
    const account = `account=${ACCOUNT}`
    for (const argv of [
      ['-k', `aws-kms-discovery:?${account}&region=eu-west-1`],
      ['-k', `aws-kms-discovery:?account=999999999999,${ACCOUNT}&partition=aws&region=us-east-1,eu-west-1`],
      ['-k', `aws-kms-discovery:?${account}`, '--region', 'eu-west-1'],
      ['-k', 'aws-kms-discovery:?account=any&region=eu-west-1'],
      ['-k', `aws-kms-mrk-discovery:?${account}&region=eu-west-1`],
      ['--discovery', '--account', ACCOUNT, '--account', '999999999999', '--partition', 'aws', '--region', 'eu-west-1'],
      ['--discovery', '--account', 'any', '--region', 'eu-west-1'],
      ['-k', `aws-kms:${awsKeys.first}`, '--discovery', '--account', ACCOUNT, '--region', 'eu-west-1'],
    ]) {
      expect(await decrypted(message, ...argv)).toBe(plaintext)
    }
  })

  it('opens with a replica in its own Region', async () => {
    await awsKmsServer()
    const message = await done(['encrypt', '-k', `aws-kms:${awsKeys.mrk.home}`], plaintext)
    const flags = ['--account', ACCOUNT, '--region', 'eu-west-1']
    expect(await decrypted(message, '--discovery', ...flags)).toBe(plaintext)
    expect(
      (await run(['decrypt', '-k', `aws-kms-discovery:?account=${ACCOUNT}`, '--region', 'eu-west-1'], message)).code,
    ).toBe(4)
  })

  it('calls the caller’s own Region where none is given, as the profile has it too', async () => {
    await awsKmsServer()
    const message = await done(['encrypt', '-k', `aws-kms:${awsKeys.first}`], plaintext)
    expect(await decrypted(message, '--discovery', '--account', ACCOUNT)).toBe(plaintext)
    await writeFile(
      folder.at('config'),
      '[profile dev]\nregion = eu-west-1\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret of the profile\n',
    )
    vi.stubEnv('AWS_CONFIG_FILE', folder.at('config'))
    vi.stubEnv('AWS_REGION', '')
    vi.stubEnv('AWS_DEFAULT_REGION', '')
    const { stderr } = await run(['decrypt', '--discovery', '--account', ACCOUNT, '--profile', 'dev'], message)
    expect(stderr).toContain('its Region us-east-1 is not eu-west-1')
  })

  it('passes over other accounts and partitions', async () => {
    await awsKmsServer()
    const message = await done(['encrypt', '-k', `aws-kms:${awsKeys.first}`], plaintext)
    for (const [filter, reason] of [
      [['--account', '999999999999'], `its account ${ACCOUNT} is filtered out`],
      [['--account', ACCOUNT, '--partition', 'aws-cn'], 'its partition aws is filtered out'],
    ] as const) {
      const { code, stderr } = await run(['decrypt', '--discovery', ...filter], message)
      expect(code).toBe(4)
      expect(stderr).toContain(reason)
    }
  })

  it.each([
    [['decrypt', '--discovery'], '--account ID'],
    [['decrypt', '--account', ACCOUNT], '--account belongs to --discovery'],
    [['decrypt', '--partition', 'aws'], '--partition belongs to --discovery'],
    [['decrypt', '--discovery', '--account', 'any', '--account', ACCOUNT], 'filters nothing else'],
    [['decrypt', '-k', 'aws-kms-discovery:'], 'give account=ID'],
    [['decrypt', '-k', 'aws-kms-discovery:?account='], 'divided by commas'],
    [['decrypt', '-k', 'aws-kms-discovery:?account=any&partition=aws'], 'filters nothing else'],
    [['decrypt', '-k', `aws-kms-discovery:?account=${ACCOUNT}&region=evil.example/`], 'regions must be an array'],
    [['decrypt', '-k', `aws-kms-discovery:${awsKeys.first}?account=any`], 'names no key'],
    [['encrypt', '-k', `aws-kms-discovery:?account=${ACCOUNT}`], 'only decrypts'],
    [['encrypt', '-k', 'aws-kms-discovery:?kez=1'], 'has no parameter kez'],
    [['encrypt', '-k', 'aws-kms:alias/a?resolve=maybe'], 'resolve is true or false'],
    [['encrypt', '-k', 'aws-kms:key/1'], 'is no key of AWS KMS'],
    [['encrypt', '-k', 'aws-kms:alias/a?account=1'], 'has no parameter account'],
    [['encrypt', '-k', 'local-kms:'], 'write local-kms:alias/NAME'],
    [['encrypt', '-k', 'local-kms:*'], 'only decrypts'],
    [['encrypt', '-k', 'local-kms:bongtu'], 'write local-kms:alias/bongtu'],
    [['encrypt', '-k', 'local-kms:alias/aws/s3'], 'belong to AWS services'],
    [['encrypt', '-k', `aws-kms:${awsKeys.first}`, '-c', 'aws-crypto-x=1'], 'belong to the message format'],
    [['encrypt', '-k', 'local-kms:alias/a?region=x'], 'has no parameter region'],
  ])('%j is refused as a mistake of the command line', async (argv, words) => {
    const { code, stderr } = await run(argv)
    expect(code).toBe(2)
    expect(stderr).toContain(words)
  })
})
