import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { GenerateDataKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type KmsServer, type ServerOptions, startServer } from '../../src/index.ts'
import { rawRequest } from '../support/raw-http.ts'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret access key' }

async function server(options: Partial<ServerOptions> = {}): Promise<KmsServer> {
  const started = await startServer({ place: { memory: true }, port: 0, logLevel: 'silent', ...options })
  onTestFinished(() => started.close())
  return started
}

const target = { 'x-amz-target': 'TrentService.GenerateRandom' }
const body = '{"NumberOfBytes":4}'

describe('a server', () => {
  it('listens on 127.0.0.1 and answers a client of the AWS SDK over a kept connection', async () => {
    const { url } = await server({ seed: { credentials: [{ ...credentials }] } })
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const client = new KMSClient({ region: 'us-east-1', endpoint: url, credentials: { ...credentials } })
    onTestFinished(() => client.destroy())
    const made = await client.send(new GenerateDataKeyCommand({ KeyId: 'alias/aws/s3', KeySpec: 'AES_256' }))
    expect(made.Plaintext).toHaveLength(32)
    const { headers } = await rawRequest(url, 'POST', target, body)
    expect(headers.connection).toBe('keep-alive')
  })

  it('refuses a client with the wrong secret', async () => {
    const { url } = await server({ seed: { credentials: [{ ...credentials }] } })
    const forger = { ...credentials, secretAccessKey: 'wrong' }
    const client = new KMSClient({ region: 'us-east-1', endpoint: url, credentials: forger, maxAttempts: 1 })
    onTestFinished(() => client.destroy())
    await expect(client.send(new ListKeysCommand({}))).rejects.toMatchObject({ name: 'InvalidSignatureException' })
  })

  it.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST:99', 'kms.us-east-1.localhost'])(
    'is called %s',
    async (host) => {
      const { url } = await server()
      expect((await rawRequest(url, 'POST', { ...target, host }, body)).status).toBe(200)
    },
  )

  it.each(['attacker.example', 'localhost.attacker.example', '127.0.0.1.attacker.example', '10.0.0.1'])(
    'does not answer to the name %j',
    async (host) => {
      const { url } = await server()
      expect((await rawRequest(url, 'POST', { ...target, host }, body)).status).toBe(403)
      expect((await rawRequest(`${url}/metrics`, 'GET', { host })).status).toBe(403)
    },
  )

  it.each([
    ['kms:4599', 'start it with --allow-host kms'],
    ['kms.internal', 'start it with --allow-host kms.internal'],
    ['a b"c', 'start it with --allow-host NAME'],
  ])('says of the name %s which option allows it', async (host, says) => {
    const { url } = await server()
    const { status, text: answer } = await rawRequest(url, 'POST', { ...target, host }, body)
    expect(status).toBe(403)
    expect(JSON.parse(answer).message).toBe(
      `the Host header names another server. If that is a name of this one, ${says}`,
    )
  })

  it('offers no name for the admin port, which has none but localhost', async () => {
    const { adminUrl = '' } = await server({ adminPort: 0 })
    const { status, text: answer } = await rawRequest(adminUrl, 'GET', { host: 'kms:4599' })
    expect(status).toBe(403)
    expect(JSON.parse(answer).message).toBe('the Host header names another server: this one is called localhost')
  })

  it.each([
    ['an answer', { ...target, host: 'localhost' }, body],
    ['an error', { 'x-amz-target': 'TrentService.DescribeKey', host: 'localhost' }, '{"KeyId":"x"}'],
    ['a refusal', { ...target, host: 'elsewhere' }, body],
  ])('spells the header names of %s as AWS does: some clients compare the letters', async (_, headers, sent) => {
    const { url } = await server()
    const { rawHeaders } = await rawRequest(url, 'POST', headers, sent)
    expect(rawHeaders).toEqual(expect.arrayContaining(['Content-Type', 'Content-Length']))
    expect((await rawRequest(`${url}/healthz`, 'GET', { host: 'localhost' })).rawHeaders).toEqual(
      expect.arrayContaining(['Content-Type', 'Content-Length']),
    )
  })

  it('passes over no second header: neither a Host nor an Authorization', async () => {
    const { url } = await server({ seed: { credentials: [{ ...credentials }] } })
    const twice = async (name: string, values: readonly string[]) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1')
      const lines = ['POST / HTTP/1.1', ...values.map((value) => `${name}: ${value}`), 'Connection: close']
      if (name !== 'Host') lines.push('Host: localhost')
      socket.end(`${lines.join('\r\n')}\r\n\r\n`)
      return text(socket)
    }
    expect(await twice('Host', ['localhost', 'attacker.example'])).toMatch(/^HTTP\/1\.1 403 /)
    const scheme = 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/kms/aws4_request, SignedHeaders=host'
    const signed = `${scheme}, Signature=${'0'.repeat(64)}`
    expect(await twice('Authorization', [signed, 'Basic eA=='])).toContain('IncompleteSignatureException')
  })

  it('answers to a name that was allowed', async () => {
    const { url } = await server({ allowHost: ['kms.Internal'] })
    expect((await rawRequest(url, 'POST', { ...target, host: 'kms.internal:4599' }, body)).status).toBe(200)
  })

  it('answers to the address that it listens on, and never to the one that stands for all', async () => {
    const { url } = await server({ host: '127.0.0.2' })
    expect((await rawRequest(url, 'POST', target, body)).status).toBe(200)
    const open = await server({ host: '0.0.0.0', insecure: true })
    const local = open.url.replace('0.0.0.0', '127.0.0.1')
    expect((await rawRequest(local, 'POST', { ...target, host: '0.0.0.0' }, body)).status).toBe(403)
  })

  it('answers no page in a browser, and no preflight of one', async () => {
    const { url } = await server()
    const origin = { origin: 'http://localhost:3000' }
    expect((await rawRequest(url, 'POST', { ...target, ...origin }, body)).status).toBe(403)
    const preflight = await rawRequest(url, 'OPTIONS', { ...origin, 'access-control-request-method': 'POST' })
    expect(preflight.status).toBe(403)
    const answered = await rawRequest(url, 'POST', target, body)
    const names = [...Object.keys(preflight.headers), ...Object.keys(answered.headers)]
    expect(names.filter((name) => name.startsWith('access-control-'))).toEqual([])
  })

  it('takes a body of 1 MiB, and breaks off a longer one', async () => {
    const { url } = await server()
    const padded = (length: number) => `{"NumberOfBytes":4,"x":"${'a'.repeat(length - 26)}"}`
    expect((await rawRequest(url, 'POST', target, padded(1_048_576))).status).toBe(200)
    const longer = await rawRequest(
      url,
      'POST',
      { ...target, 'content-length': '5000000' },
      'a'.repeat(1_048_577),
    ).catch((error: Error) => error)
    expect(longer).toMatchObject({ status: 413 })
  })

  it('refuses headers that are too long', async () => {
    const { url } = await server()
    expect((await rawRequest(url, 'POST', { ...target, 'x-long': 'a'.repeat(20_000) }, body)).status).toBe(431)
  })

  it('says that it is healthy', async () => {
    const { url } = await server()
    expect(await rawRequest(`${url}/healthz`, 'GET', {})).toMatchObject({ status: 200, text: 'ok\n' })
  })

  it('counts its answers for Prometheus', async () => {
    const { url } = await server()
    await rawRequest(url, 'POST', target, body)
    await rawRequest(url, 'POST', target, '{}')
    const { text } = await rawRequest(`${url}/metrics`, 'GET', {})
    expect(text).toContain('kms_requests_total{operation="GenerateRandom",code="OK"} 1\n')
    expect(text).toContain('kms_requests_total{operation="GenerateRandom",code="ValidationException"} 1\n')
    expect(text).toContain('kms_request_duration_seconds_bucket{operation="GenerateRandom",le="+Inf"} 2\n')
    expect(text).toContain('kms_request_duration_seconds_count{operation="GenerateRandom"} 2\n')
  })

  it('writes one line for each call, without what was in it', async () => {
    const lines: string[] = []
    const { url } = await server({ logLevel: 'info', writeLog: (line) => lines.push(line) })
    const request = { KeyId: 'alias/aws/s3', Plaintext: 'c2VjcmV0LXRleHQ=', EncryptionContext: { a: 'context-value' } }
    const answer = await rawRequest(url, 'POST', { 'x-amz-target': 'TrentService.Encrypt' }, JSON.stringify(request))
    const calls = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'call')
    expect(calls).toEqual([
      expect.objectContaining({
        operation: 'Encrypt',
        keyId: 'alias/aws/s3',
        principal: 'arn:aws:iam::111122223333:root',
        requestId: answer.headers['x-amzn-requestid'],
      }),
    ])
    for (const secret of ['secret-text', request.Plaintext, 'context-value', JSON.parse(answer.text).CiphertextBlob]) {
      expect(lines.join('')).not.toContain(secret)
    }
  })

  it('lets a request under way finish when it stops', async () => {
    const started = await startServer({ place: { memory: true }, port: 0, logLevel: 'silent' })
    const { faults } = started.kms
    faults.add({ operation: 'GenerateRandom', kind: 'latency', milliseconds: 60_000, times: 1 })
    const underWay = rawRequest(started.url, 'POST', target, body)
    while (faults.list().length > 0) await rawRequest(`${started.url}/healthz`, 'GET', {})
    await started.close()
    await expect(underWay).resolves.toMatchObject({ status: 200 })
    await expect(rawRequest(started.url, 'POST', target, body)).rejects.toThrow('ECONNREFUSED')
  })
})

describe('a listener off loopback', () => {
  it.each([
    ['nothing', {}],
    ['credentials alone', { seed: { credentials: [{ ...credentials }] } }],
    ['a certificate alone', { tls: { cert: '', key: '' } }],
    [
      'credentials that are not checked',
      { tls: { cert: '', key: '' }, seed: { credentials: [{ ...credentials }] }, auth: 'off' as const },
    ],
  ])('is refused with %s', async (_, options) => {
    await expect(
      startServer({ place: { memory: true }, host: '0.0.0.0', port: 0, logLevel: 'silent', ...options }),
    ).rejects.toThrow('needs a TLS certificate and credentials, of the seed or of a data folder')
  })

  it('is allowed where it is asked for as insecure', async () => {
    const { url } = await server({ host: '0.0.0.0', insecure: true })
    expect((await rawRequest(url.replace('0.0.0.0', '127.0.0.1'), 'POST', target, body)).status).toBe(200)
  })
})

it('closes a connection that speaks no HTTP', async () => {
  const { url } = await server()
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const answer = await new Promise<string>((resolve) => {
    socket.write('POST / HTTP/1.1\r\nthis is no header\r\n\r\n')
    socket.on('data', (data) => resolve(data.toString()))
  })
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
})

it('fails where the port is taken, and leaves nothing open', async () => {
  const { url } = await server()
  const port = Number(new URL(url).port)
  await expect(startServer({ place: { memory: true }, port, logLevel: 'silent' })).rejects.toThrow('EADDRINUSE')
})
