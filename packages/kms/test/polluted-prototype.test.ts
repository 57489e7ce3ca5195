import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateKeyCommand, DescribeKeyCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type LocalKmsOptions, localKms, restoreKms, type Seed, type ServerOptions, startServer } from '../src/index.ts'
import { testKms } from '../src/testing.ts'

const ID = '11111111-1111-4111-8111-111111111111'
const ACCESS_KEY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret of the seed' }
const seed: Seed = { credentials: [ACCESS_KEY], keys: [{ id: ID }], aliases: [{ name: 'alias/a', key: ID }] }
const quiet = { port: 0, logLevel: 'silent' } as const

/** Runs while `Object.prototype` has this property, as a hostile merge leaves it. Not enumerable: `for in` of others would meet it. */
async function polluted<T>(name: string, value: unknown, run: () => T | Promise<T>): Promise<T> {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true })
  try {
    return await run()
  } finally {
    Reflect.deleteProperty(Object.prototype, name)
  }
}

/** No option takes a symbol: each of these calls fails if it reads the polluted option. */
const HOSTILE = Symbol('hostile')

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bongtu-kms-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const settings = ['account', 'region', 'auth', 'domainKeyPeriod', 'onCall', 'onFailure']
const inFolder = ['memory', 'passphrase', 'rootKey', 'create', 'database']

describe('an option that a hostile merge put into Object.prototype has no effect', () => {
  it.each([...settings, 'directory', 'database', 'credentials', 'keys', 'aliases'])('%s of localKms', async (name) => {
    await polluted(name, HOSTILE, async () => (await localKms({ memory: true })).close())
  })

  it.each(inFolder)('%s of localKms in a folder, and of restoreKms', async (name) => {
    const from = await localKms({ directory: folder() })
    const passphrase = new TextEncoder().encode('a passphrase')
    const backup = await from.backup(passphrase)
    await from.close()
    await polluted(name, HOSTILE, async () => (await localKms({ directory: folder() })).close())
    const restored = { directory: folder() }
    await polluted(name === 'passphrase' ? 'create' : name, HOSTILE, () => restoreKms(restored, { backup, passphrase }))
  })

  it.each(settings)('%s of testKms', async (name) => {
    await polluted(name, HOSTILE, async () => (await testKms()).close())
  })

  it.each([
    ...[
      'seed',
      'auth',
      'host',
      'tls',
      'allowHost',
      'insecure',
      'adminPort',
      'adminClock',
      'domainKeyPeriod',
      'writeLog',
    ],
    ...['cert', 'key', 'directory', 'account', 'region'],
  ])('%s of startServer', async (name) => {
    const server = await polluted(name === 'cert' || name === 'key' ? 'tls' : name, HOSTILE, () =>
      startServer({ place: { memory: true }, ...quiet }),
    )
    await server.close()
  })

  it('auth: a KMS whose seed has credentials still checks signatures', async () => {
    const server = await polluted('auth', 'off', () => startServer({ place: { memory: true }, seed, ...quiet }))
    expect(server.auth).toBe('enforce')
    await server.close()
  })

  it('insecure: off loopback, credentials and TLS are still asked for', async () => {
    const started = polluted('insecure', true, () =>
      startServer({ place: { memory: true }, host: '0.0.0.0', ...quiet }),
    )
    await expect(started).rejects.toThrow('needs a TLS certificate')
  })

  it('credentials: a KMS without a seed does not take an access key of strangers', async () => {
    await polluted('credentials', [ACCESS_KEY], async () => {
      const kms = await localKms({ memory: true })
      expect(kms.clientConfig().credentials.accessKeyId).not.toBe(ACCESS_KEY.accessKeyId)
      await kms.close()
    })
  })

  it.each([
    ['expiration', '2000-01-01T00:00:00Z'],
    ['sessionToken', 'stranger'],
    ['principal', 'arn:aws:iam::111122223333:user/eve'],
    ['enabled', false],
    ['origin', 'EXTERNAL'],
  ])('%s of a member of the seed', async (name, value) => {
    const kms = await polluted(name, value, () => localKms({ memory: true }, seed))
    const client = new KMSClient(kms.clientConfig())
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: ID }))
    expect(KeyMetadata).toMatchObject({ Enabled: true, Origin: 'AWS_KMS' })
    await client.send(new GenerateDataKeyCommand({ KeyId: ID, NumberOfBytes: 32 }))
    await kms.close()
  })
})

describe('a header or member of a request that a hostile merge put into Object.prototype is not read', () => {
  const post = (body: object) =>
    new Request('http://localhost/', {
      method: 'POST',
      headers: { 'x-amz-target': 'TrentService.CreateKey' },
      body: JSON.stringify(body),
    })

  it('the header authorization', async () => {
    await using kms = await testKms(seed)
    const { credentials, region } = kms.clientConfig()
    let stolen = ''
    const spy = new KMSClient({
      region,
      credentials,
      endpoint: 'http://localhost',
      requestHandler: {
        handle: async ({ headers }: { headers: Record<string, string> }) => {
          stolen = headers.authorization ?? ''
          throw new Error('seen')
        },
      } as never,
      maxAttempts: 1,
    })
    await expect(spy.send(new CreateKeyCommand({}))).rejects.toThrow('seen')
    expect(stolen).toContain('Credential=')
    const answer = await polluted('authorization', stolen, () => kms.handle(post({})))
    expect(await answer.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' })
  })

  it.each([
    ['DryRun', true],
    ['GrantTokens', ['stranger']],
    ['KeySpec', 'none'],
  ])('the member %s', async (name, value) => {
    await using kms = await testKms()
    const answer = await polluted(name, value, () => kms.handle(post({})))
    expect(answer.status).toBe(200)
  })
})

describe('unknown and wrong options are refused by name', () => {
  const wrong: Readonly<Record<string, readonly [() => Promise<unknown>, string]>> = {
    'an option of localKms': [
      () => localKms({ memory: true, accont: '1' } as LocalKmsOptions),
      'localKms has no option accont',
    ],
    'no place': [() => localKms({} as LocalKmsOptions), 'give one of memory, directory and database, got none'],
    'two places': [() => localKms({ memory: true, directory: 'x' } as LocalKmsOptions), 'got memory and directory'],
    'a directory': [() => localKms({ directory: 1 as never }), 'localKms: directory must be a string, got a number'],
    'an account': [() => localKms({ memory: true, account: 1 as never }), 'localKms: account must be a string'],
    auth: [() => localKms({ memory: true, auth: 'on' as never }), 'localKms: auth must be one of enforce, off'],
    onCall: [() => localKms({ memory: true, onCall: 1 as never }), 'localKms: onCall must be a function, got a number'],
    'an option of testKms': [() => testKms({}, { directory: 'x' } as never), 'testKms has no option directory'],
    'an option of startServer': [
      () => startServer({ place: { memory: true }, prt: 1 } as ServerOptions),
      'startServer has no option prt',
    ],
    'an option of its place': [
      () => startServer({ place: { memory: true, dir: 'x' } as never }),
      'startServer: place has no option dir',
    ],
    'an option of its tls': [
      () => startServer({ place: { memory: true }, tls: { cert: '', key: '', ca: '' } as never }),
      'startServer: tls has no option ca',
    ],
    insecure: [
      () => startServer({ place: { memory: true }, insecure: 'yes' as never }),
      'startServer: insecure must be a boolean, got a string',
    ],
    port: [
      () => startServer({ place: { memory: true }, port: '1' as never }),
      'startServer: port must be a whole number, got a string',
    ],
    'an option of restoreKms': [
      () => restoreKms({ memory: true }, { backup: new Uint8Array(1), pass: 1 } as never),
      'restoreKms has no option pass',
    ],
    'a backup': [
      () => restoreKms({ memory: true }, { backup: 'x' as never }),
      'restoreKms: backup must be a Uint8Array, got a string',
    ],
  }
  it.each(Object.keys(wrong))('%s', async (what) => {
    const [run, message] = wrong[what] as (typeof wrong)[string]
    await expect(run()).rejects.toThrow(TypeError)
    await expect(run()).rejects.toThrow(message)
  })
})
