import { type ChildProcess, execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { request as secureRequest } from 'node:https'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import * as sdk from '@aws-sdk/client-kms'
import { type AccessKey, readAccessKey } from '@bongtu/kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bongtu } from './support/bongtu.ts'
import { ended, startBongtu } from './support/spawn.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()

interface Started {
  readonly child: ChildProcess
  readonly urls: readonly string[]
  readonly log: Promise<string>
}

/** A server as a process of its own, with so many URLs as it is to print. */
async function started(count: number, ...argv: readonly string[]): Promise<Started> {
  const child = startBongtu('kms', 'start', '--listen', '127.0.0.1:0', ...argv)
  onTestFinished(() => void child.kill('SIGKILL'))
  if (child.stdout === null || child.stderr === null) throw new Error('no standard output')
  const log = text(child.stderr)
  const urls: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    urls.push(line)
    if (urls.length === count) break
  }
  return { child, urls, log }
}

function ask(
  url: string,
  method: string,
  headers: Record<string, string>,
  body = '',
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, text: answer }), reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** A client with the access key of the data folder. */
function clientOf(url: string | undefined, data: string): sdk.KMSClient {
  const credentials = readAccessKey(data)
  const client = new sdk.KMSClient({ region: 'us-east-1', endpoint: url ?? '', credentials, maxAttempts: 1 })
  onTestFinished(() => client.destroy())
  return client
}

const basic = ({ accessKeyId, secretAccessKey }: AccessKey): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${accessKeyId}:${secretAccessKey}`).toString('base64')}`,
})

describe('bongtu kms start', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'answers at the URL that it prints, and stops with code 0 on %s',
    async (signal) => {
      const { child, urls, log } = await started(3, '--data', folder.at('kms'))
      const [url = '', ...printed] = urls
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      const file = folder.at('kms/access-key.json')
      expect(printed).toEqual([`access key: ${file}`, `eval "$(bongtu kms credentials --data ${folder.at('kms')})"`])
      const client = clientOf(url, folder.at('kms'))
      expect((await client.send(new sdk.GenerateRandomCommand({ NumberOfBytes: 8 }))).Plaintext).toHaveLength(8)
      expect((await ask(`${url}/healthz`, 'GET', {})).text).toBe('ok\n')
      const closed = ended(child)
      child.kill(signal)
      expect(await closed).toBe(0)
      const lines = (await log)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(lines.map(({ msg }) => msg)).toEqual(['listening', 'call', 'stopping', 'stopped'])
      expect(await folder.list()).toEqual(['kms', 'kms/access-key.json', 'kms/kms.db', 'kms/root.key'])
      expect(await log).not.toContain(readAccessKey(folder.at('kms')).secretAccessKey)
    },
  )

  it('keeps what was made in its folder, which other commands read meanwhile', async () => {
    const { child, urls } = await started(1, '--data', folder.at('kms'))
    const made = await clientOf(urls[0], folder.at('kms')).send(new sdk.CreateKeyCommand({}))
    const keys = await bongtu(['kms', 'keys', '--json', '--data', folder.at('kms')])
    expect(JSON.parse(keys.stdout.toString()).arn).toBe(made.KeyMetadata?.Arn)
    const closed = ended(child)
    child.kill('SIGTERM')
    await closed
    expect((await bongtu(['kms', 'keys', '--json', '--data', folder.at('kms')])).stdout).toEqual(keys.stdout)
  })

  it('serves a seed from memory, checks signatures by its credentials, and opens an admin port', async () => {
    const id = '0f0f0f0f-0000-4000-8000-000000000001'
    const credentials = '[{ accessKeyId: AKIDEXAMPLE, secretAccessKey: secret }]'
    await writeFile(folder.at('seed.yaml'), `credentials: ${credentials}\nkeys: [{ id: ${id} }]\n`)
    const options = [
      '--memory',
      '--seed',
      folder.at('seed.yaml'),
      '--admin-listen',
      '127.0.0.1:0',
      '--log-level',
      'silent',
    ]
    const { child, urls, log } = await started(2, ...options)
    const [url = '', admin = ''] = urls
    const unsigned = await ask(url, 'POST', { 'x-amz-target': 'TrentService.ListKeys' }, '{}')
    expect(unsigned.text).toContain('MissingAuthenticationTokenException')
    expect((await ask(`${admin}/status`, 'GET', {})).status).toBe(401)
    const credential = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
    const status = await ask(`${admin}/status`, 'GET', basic(credential))
    expect(JSON.parse(status.text).keys).toBe(1)
    const closed = ended(child)
    child.kill('SIGTERM')
    expect([await closed, await log]).toEqual([0, ''])
    expect(await folder.list()).toEqual(['seed.yaml'])
  })

  it('goes on under the new domain key and the new material that another command made', async () => {
    const { urls } = await started(1, '--data', folder.at('kms'), '--log-level', 'silent')
    const client = clientOf(urls[0], folder.at('kms'))
    const { KeyMetadata } = await client.send(new sdk.CreateKeyCommand({}))
    const { KeyId = '', CurrentKeyMaterialId } = KeyMetadata ?? {}
    const Plaintext = Uint8Array.of(1, 2, 3)
    const { CiphertextBlob } = await client.send(new sdk.EncryptCommand({ KeyId, Plaintext }))
    for (const what of [KeyId, '--domain', '--domain']) {
      expect((await bongtu(['kms', 'rotate', what, '--data', folder.at('kms')])).code).toBe(0)
    }
    const opened = await client.send(new sdk.DecryptCommand({ CiphertextBlob }))
    expect(opened).toMatchObject({ Plaintext, KeyMaterialId: CurrentKeyMaterialId })
    const data = await client.send(new sdk.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }))
    expect(data.KeyMaterialId).not.toBe(CurrentKeyMaterialId)
  })

  it('serves https by a name that was allowed', async () => {
    const [cert, key] = [folder.at('cert.pem'), folder.at('key.pem')]
    const subject = ['-subj', '/CN=kms.internal', '-addext', 'subjectAltName=DNS:kms.internal']
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
    execFileSync(
      'openssl',
      ['req', '-x509', '-nodes', ...curve, '-days', '1', ...subject, '-keyout', key, '-out', cert],
      {
        stdio: 'ignore',
      },
    )
    const options = ['--memory', '--tls-cert', cert, '--tls-key', key, '--allow-host', 'kms.internal']
    const { urls } = await started(1, ...options)
    expect(urls[0]).toMatch(/^https:/)
    const ca = await readFile(cert, 'utf8')
    const answered = await new Promise((resolve, reject) => {
      const headers = { host: 'kms.internal' }
      secureRequest(`${urls[0]}/healthz`, { ca, servername: 'kms.internal', headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(answered).toBe(200)
  })

  it('ends by itself where it was asked to stop before it began', async () => {
    const argv = ['kms', 'start', '--memory', '--listen', '127.0.0.1:0', '--log-level', 'silent']
    const { code, stdout } = await bongtu(argv, { signal: AbortSignal.abort() })
    expect([code, stdout.toString()]).toEqual([0, expect.stringMatching(/^http:/)])
  })
})

describe('what bongtu kms start says of signatures', () => {
  it.each([
    [['--memory'], 'bongtu: signatures are not checked, and nothing is kept'],
    [['--data', 'DATA', '--auth', 'off'], 'bongtu: warning: --auth off: every process that reaches this port'],
    [['--data', 'DATA'], ''],
  ])('with %j', async (options, words) => {
    const argv = options.map((option) => (option === 'DATA' ? folder.at('kms') : option))
    for (let start = 0; start < 2; start++) {
      const line = ['kms', 'start', '--listen', '127.0.0.1:0', '--log-level', 'silent', ...argv]
      const { code, stderr } = await bongtu(line, { signal: AbortSignal.abort() })
      expect([code, stderr]).toEqual([0, words === '' ? '' : expect.stringContaining(words)])
    }
  })

  it('moves the clock of kept keys by the admin port only with --admin-clock', async () => {
    const data = folder.at('kms')
    const body = '{"advance":{"days":8}}'
    const move = async (admin = '') => ask(`${admin}/clock`, 'POST', basic(readAccessKey(data)), body)
    const options = ['--data', data, '--admin-listen', '127.0.0.1:0', '--log-level', 'silent']
    const refused = await move((await started(2, ...options)).urls[1])
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('--admin-clock')])
    expect((await move((await started(2, ...options, '--admin-clock')).urls[1])).status).toBe(200)
  })
})

describe('bongtu kms start refuses', () => {
  it.each([
    [['--database', 'postgres://db'], 'comes in a later version'],
    [['--database', 'postgres://db', '--memory'], 'cannot be used with'],
    [['--memory', '--data', 'here'], 'cannot be used with'],
    [['--listen', '4599'], 'HOST:PORT'],
    [['--listen', '127.0.0.1:70000'], 'HOST:PORT'],
    [['--listen', '::1:4599'], 'HOST:PORT'],
    [['--admin-listen', '0.0.0.0:0'], '127.0.0.1:PORT'],
    [['--auth', 'maybe'], 'Allowed choices are enforce, off'],
    [['--auth', 'enforce', '--memory'], 'without credentials'],
    [['--listen', '0.0.0.0:0', '--memory'], 'needs a TLS certificate and credentials'],
    [['--tls-cert', 'cert.pem', '--memory'], 'belong together'],
    [['--domain-key-hours', '169'], '1 to 168'],
    [['--log-level', 'loud'], 'Allowed choices'],
  ])('%j as a mistake', async (options, words) => {
    const { code, stderr } = await bongtu(['kms', 'start', ...options])
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)])
  })

  it('an address where another program listens', async () => {
    const other = createServer()
    onTestFinished(() => void other.close())
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    const { code, stderr } = await bongtu([
      'kms',
      'start',
      '--memory',
      '--listen',
      `127.0.0.1:${port}`,
      '--log-level',
      'silent',
    ])
    expect([code, stderr]).toEqual([1, expect.stringContaining('EADDRINUSE: another program listens')])
  })

  it('a seed that is none, without a word of what stands in it', async () => {
    await writeFile(folder.at('seed.yaml'), 'credentials: [{ accessKeyId: AKID, secretAccesskey: hush }]')
    const { code, stderr } = await bongtu(['kms', 'start', '--memory', '--seed', folder.at('seed.yaml')])
    expect([code, stderr]).toEqual([
      2,
      `bongtu: ${folder.at('seed.yaml')}: credentials[0] has an unknown member: secretAccesskey\n`,
    ])
  })

  it.each(['--seed', '--root-passphrase-file'])('%s of a file that is not there', async (option) => {
    const { code, stderr } = await bongtu(['kms', 'start', '--data', folder.at('d'), option, folder.at('none')])
    expect([code, stderr]).toEqual([1, expect.stringContaining('there is no such file')])
    expect(await folder.list()).toEqual([])
  })
})
