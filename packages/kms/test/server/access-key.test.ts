import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  accessKeyFile,
  type KmsServer,
  localKms,
  readAccessKey,
  rotateAccessKey,
  type ServerOptions,
  startServer,
} from '../../src/index.ts'
import { rawRequest } from '../support/raw-http.ts'
import { signedHttp } from '../support/signed-http.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bongtu-access-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

async function serve(directory: string, options: Partial<ServerOptions> = {}): Promise<KmsServer> {
  const server = await startServer({ place: { directory }, port: 0, adminPort: 0, logLevel: 'silent', ...options })
  onTestFinished(() => server.close())
  return server
}

/** What a client that signs with these credentials gets, or the name of its error. */
async function listKeys(url: string, credentials: { accessKeyId: string; secretAccessKey: string }): Promise<string> {
  const client = new KMSClient({ region: 'us-east-1', endpoint: url, credentials, maxAttempts: 1 })
  onTestFinished(() => client.destroy())
  return client.send(new ListKeysCommand({})).then(
    () => 'keys',
    (error: Error) => `${error.name}: ${error.message}`,
  )
}

const basic = ({ accessKeyId, secretAccessKey }: { accessKeyId: string; secretAccessKey: string }) => ({
  authorization: `Basic ${Buffer.from(`${accessKeyId}:${secretAccessKey}`).toString('base64')}`,
})

describe('a server on a data folder', () => {
  it('makes one access key for the root of the default account, in a file for its owner alone', async () => {
    const directory = folder()
    const server = await serve(directory)
    expect(server).toMatchObject({ auth: 'enforce', accessKeyFile: join(directory, 'access-key.json') })
    expect(statSync(accessKeyFile(directory)).mode & 0o777).toBe(0o600)
    const credentials = JSON.parse(readFileSync(accessKeyFile(directory), 'utf8'))
    expect(Object.keys(credentials)).toEqual(['accessKeyId', 'secretAccessKey'])
    const client = new KMSClient({ region: 'us-east-1', endpoint: server.url, credentials })
    onTestFinished(() => client.destroy())
    expect((await client.send(new CreateKeyCommand({}))).KeyMetadata?.AWSAccountId).toBe('111122223333')
    expect(readdirSync(directory).filter((name) => name.startsWith('access-key'))).toEqual(['access-key.json'])
  })

  it('keeps its access key, and makes one in a store that an earlier version filled', async () => {
    const directory = folder()
    const earlier = await localKms({ directory })
    await earlier.ensureAlias('alias/earlier')
    await earlier.close()
    const first = await serve(directory)
    const key = readAccessKey(directory)
    await first.close()
    const second = await serve(directory)
    expect(readAccessKey(directory)).toEqual(key)
    expect(await listKeys(second.url, key)).toBe('keys')
  })

  it('refuses every other access key by a text that names the command for this one', async () => {
    const { url } = await serve(folder())
    const other = { accessKeyId: '111122223333', secretAccessKey: 'any' }
    const refusal = await listKeys(url, other)
    expect(refusal).toMatch(/^UnrecognizedClientException: .*eval "\$\(bongtu kms credentials\)"/)
    const unsigned = await rawRequest(url, 'POST', { 'x-amz-target': 'TrentService.ListKeys' }, '{}')
    expect(unsigned).toMatchObject({ status: 400 })
    expect(JSON.parse(unsigned.text)).toEqual({
      __type: 'MissingAuthenticationTokenException',
      message: expect.stringContaining('bongtu kms credentials'),
    })
  })

  it('makes no access key where the seed has credentials, and knows these alone', async () => {
    const directory = folder()
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'of the seed' }
    const server = await serve(directory, { seed: { credentials: [{ ...credentials }] } })
    expect(server).toMatchObject({ auth: 'enforce', accessKeyFile: undefined })
    expect(readdirSync(directory)).not.toContain('access-key.json')
    expect(await listKeys(server.url, credentials)).toBe('keys')
  })

  it('opens to everyone with auth off, makes no access key, and warns at each start', async () => {
    const directory = folder()
    for (const start of [1, 2]) {
      const lines: string[] = []
      const options = { auth: 'off', logLevel: 'warn', writeLog: (line: string) => lines.push(line) } as const
      const server = await serve(directory, options)
      expect(server).toMatchObject({ auth: 'off', accessKeyFile: undefined })
      expect(await listKeys(server.url, { accessKeyId: '111122223333', secretAccessKey: 'any' })).toBe('keys')
      expect([start, lines.join('')]).toEqual([start, expect.stringContaining('signatures are not checked')])
      await server.close()
    }
    expect(readdirSync(directory)).not.toContain('access-key.json')
  })

  it('says the secret in no log line, answer or error', async () => {
    const directory = folder()
    const seen: string[] = []
    const server = await serve(directory, { logLevel: 'debug', writeLog: (line) => seen.push(line) })
    const { accessKeyId, secretAccessKey } = readAccessKey(directory)
    seen.push(await listKeys(server.url, { accessKeyId, secretAccessKey: 'wrong' }))
    seen.push(await listKeys(server.url, { accessKeyId: 'AKIDNOBODY', secretAccessKey }))
    for (const path of ['/metrics', '/healthz']) seen.push((await rawRequest(`${server.url}${path}`, 'GET', {})).text)
    writeFileSync(accessKeyFile(directory), `{ "secretAccessKey": "${secretAccessKey}" `)
    seen.push(await listKeys(server.url, { accessKeyId, secretAccessKey }))
    await server.close()
    seen.push(await serve(directory).then(String, String))
    expect(seen.join('\n')).toContain('is not an access key')
    expect(seen.join('\n')).not.toContain(secretAccessKey)
  })

  it('takes a new access key from the next request on, and the old one no more', async () => {
    const directory = folder()
    const servers = [await serve(directory), await serve(directory)]
    const old = readAccessKey(directory)
    for (const { url } of servers) expect(await listKeys(url, old)).toBe('keys')
    const fresh = await rotateAccessKey(directory)
    for (const { url } of servers) {
      expect(await listKeys(url, fresh)).toBe('keys')
      expect(await listKeys(url, old)).toMatch(/^UnrecognizedClientException/)
    }
    expect(statSync(accessKeyFile(directory)).mode & 0o777).toBe(0o600)
  })

  it('refuses every request while the file of its access key is gone, and logs the reason', async () => {
    const directory = folder()
    const lines: string[] = []
    const { url } = await serve(directory, { logLevel: 'error', writeLog: (line) => lines.push(line) })
    const key = readAccessKey(directory)
    rmSync(accessKeyFile(directory))
    expect(await listKeys(url, key)).toMatch(/^UnrecognizedClientException/)
    expect(await listKeys(url, key)).toMatch(/^UnrecognizedClientException/)
    expect(lines).toEqual([expect.stringContaining('access-key.json is missing')])
  })

  it('does not start where others can read its access key', async () => {
    const directory = folder()
    await (await serve(directory)).close()
    chmodSync(accessKeyFile(directory), 0o640)
    await expect(startServer({ place: { directory }, port: 0, logLevel: 'silent' })).rejects.toMatchObject({
      code: 'unsafe',
      message: expect.stringContaining('bongtu kms credentials --rotate'),
    })
    await rotateAccessKey(directory)
    await serve(directory)
  })

  it('ends with one access key however many servers start at once', async () => {
    const directory = folder()
    const servers = await Promise.all(Array.from({ length: 6 }, () => serve(directory)))
    const key = readAccessKey(directory)
    for (const { url } of servers) expect(await listKeys(url, key)).toBe('keys')
    expect(readdirSync(directory).filter((name) => name.startsWith('access-key'))).toEqual(['access-key.json'])
  })

  it('listens off loopback with TLS and its own access key, and not without TLS', async () => {
    const directory = folder()
    const options = { place: { directory }, host: '0.0.0.0', port: 0, logLevel: 'silent' } as const
    await expect(startServer(options)).rejects.toThrow('needs a TLS certificate')
    await expect(startServer({ ...options, auth: 'off', tls: { cert: '', key: '' } })).rejects.toThrow('credentials')
    // The exposure is allowed; the certificate is looked at later.
    await expect(startServer({ ...options, tls: { cert: 'none', key: 'none' } })).rejects.toThrow('not a pair in PEM')
    const open = await serve(directory, { host: '0.0.0.0', insecure: true })
    expect(open.auth).toBe('enforce')
  })

  it('needs no access key within its process', async () => {
    const directory = folder()
    const { kms } = await serve(directory)
    const client = new KMSClient({ ...kms.clientConfig(), maxAttempts: 1 })
    await client.send(new ListKeysCommand({}))
    const other = await localKms({ directory })
    onTestFinished(() => other.close())
    const request = { method: 'POST', headers: { 'x-amz-target': 'TrentService.ListKeys' }, body: '{}' }
    expect((await other.handle(new Request('http://localhost/', request))).status).toBe(200)
  })
})

it('a new access key is for a folder that holds a KMS', async () => {
  await expect(rotateAccessKey(folder())).rejects.toMatchObject({ code: 'absent' })
})

describe('the pages and the admin port of a server that checks signatures', () => {
  const pages = [
    ['GET', 'url', '/metrics'],
    ['GET', 'adminUrl', '/status'],
    ['GET', 'adminUrl', '/clock'],
    ['GET', 'adminUrl', '/faults'],
    ['DELETE', 'adminUrl', '/faults'],
    ['POST', 'adminUrl', '/domain/rotate'],
  ] as const

  it.each(pages)('%s %s%s asks for the access key, signed or as HTTP Basic', async (method, of, path) => {
    const directory = folder()
    const server = await serve(directory)
    const key = readAccessKey(directory)
    const wrong = { ...key, secretAccessKey: 'wrong' }
    const other = { ...key, accessKeyId: 'AKIDNOBODY' }
    const url = `${server[of]}${path}`
    for (const headers of [
      {},
      basic(wrong),
      basic(other),
      { authorization: 'Basic !' },
      { authorization: 'Bearer x' },
    ]) {
      const refused = await rawRequest(url, method, headers)
      expect([headers, refused.status]).toEqual([headers, 401])
      expect(refused.headers['www-authenticate']).toBe('Basic realm="bongtu kms"')
    }
    expect((await signedHttp(wrong, url, method)).status).toBe(401)
    expect((await signedHttp(key, url, method)).status).toBe(200)
    expect((await rawRequest(url, method, basic(key))).status).toBe(200)
  })

  it('let no session in by HTTP Basic, which cannot bring its token, nor an access key that has expired', async () => {
    const account = '111122223333'
    const session = { accessKeyId: 'ASIASESSION', secretAccessKey: 'secret', sessionToken: 'token', account }
    const expired = { accessKeyId: 'AKIDOLD', secretAccessKey: 'secret', expiration: '2020-01-01T00:00:00Z' }
    const { url } = await serve(folder(), { seed: { credentials: [session, expired] } })
    for (const one of [session, expired]) {
      expect((await rawRequest(`${url}/metrics`, 'GET', basic(one))).status).toBe(401)
      expect((await signedHttp(one, `${url}/metrics`, 'GET')).status).toBe(401)
    }
  })

  it('leave the health open, which is one word', async () => {
    const { url } = await serve(folder())
    expect(await rawRequest(`${url}/healthz`, 'GET', {})).toMatchObject({ status: 200, text: 'ok\n' })
  })

  it('move the clock of a KMS that is kept only where this is asked for', async () => {
    const directory = folder()
    const year = '{"advance":{"days":400}}'
    const refused = await serve(directory)
    const key = readAccessKey(directory)
    const answer = await signedHttp(key, `${refused.adminUrl}/clock`, 'POST', year)
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('--admin-clock')])
    expect(refused.kms.clock.now().getTime() - Date.now()).toBeLessThan(60_000)
    const allowed = await serve(directory, { adminClock: true })
    expect((await rawRequest(`${allowed.adminUrl}/clock`, 'POST', {}, year)).status).toBe(401)
    expect((await signedHttp(key, `${allowed.adminUrl}/clock`, 'POST', year)).status).toBe(200)
    expect(allowed.kms.clock.now().getTime() - Date.now()).toBeGreaterThan(399 * 86_400_000)
  })
})
