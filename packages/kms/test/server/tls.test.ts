import { Agent } from 'node:https'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { GenerateRandomCommand, KMSClient } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type KmsServer, startServer } from '../../src/index.ts'
import { certificate } from '../support/openssl.ts'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret access key' }
let tls: { cert: string; key: string }
let server: KmsServer
/** With a certificate that suites without ECDSA need. */
let withRsa: KmsServer

beforeAll(async () => {
  tls = certificate()
  const seed = { credentials: [{ ...credentials }] }
  const options = { place: { memory: true }, host: '0.0.0.0', port: 0, seed, logLevel: 'silent' } as const
  server = await startServer({ ...options, tls })
  withRsa = await startServer({ ...options, tls: certificate('RSA') })
})
afterAll(async () => {
  await server.close()
  await withRsa.close()
})

function handshake(options: ConnectionOptions, { url } = server): Promise<{ protocol: string | null; cipher: string }> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({
      port: Number(new URL(url).port),
      ca: tls.cert,
      servername: 'localhost',
      ...options,
    })
    socket.on('error', reject)
    socket.on('secureConnect', () => {
      resolve({ protocol: socket.getProtocol(), cipher: socket.getCipher().name })
      socket.destroy()
    })
  })
}

describe('a listener with a certificate', () => {
  it('answers a client that trusts it, off loopback too', async () => {
    const endpoint = server.url.replace('0.0.0.0', 'localhost')
    const requestHandler = { httpsAgent: new Agent({ ca: tls.cert }) }
    const client = new KMSClient({ region: 'us-east-1', endpoint, credentials: { ...credentials }, requestHandler })
    const { Plaintext } = await client.send(new GenerateRandomCommand({ NumberOfBytes: 5 }))
    expect(Plaintext).toHaveLength(5)
    client.destroy()
  })

  it('speaks TLS 1.3, and TLS 1.2 with an ephemeral key', async () => {
    expect((await handshake({})).protocol).toBe('TLSv1.3')
    const older = await handshake({ maxVersion: 'TLSv1.2' })
    expect(older).toEqual({ protocol: 'TLSv1.2', cipher: expect.stringMatching(/^ECDHE-ECDSA-.*(?:GCM|POLY1305)/) })
  })

  it.each(['TLSv1', 'TLSv1.1'] as const)('refuses %s', async (version) => {
    const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }
    await expect(handshake(old)).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' })
  })

  it.each([
    'AES256-GCM-SHA384',
    'AES128-SHA',
    'DHE-RSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES128-SHA',
    'ECDHE-RSA-AES128-SHA256',
  ])('refuses the suite %s, which has no forward secrecy or no AEAD', async (ciphers) => {
    const only = (suite: string) =>
      handshake({ maxVersion: 'TLSv1.2', ciphers: suite, rejectUnauthorized: false }, withRsa)
    await expect(only('ECDHE-RSA-AES128-GCM-SHA256')).resolves.toMatchObject({ protocol: 'TLSv1.2' })
    // Node 20 and Node 24 name the same alert otherwise.
    await expect(only(ciphers)).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_SSL_.*ALERT_HANDSHAKE_FAILURE$/),
    })
  })

  it.each([
    ['no PEM', () => ({ cert: 'none', key: 'none' })],
    ['no pair', () => ({ cert: tls.cert, key: certificate().key })],
  ])('is not made of what is %s', async (_, files) => {
    const made = startServer({ place: { memory: true }, port: 0, tls: files(), logLevel: 'silent' })
    await expect(made).rejects.toThrow(new TypeError('the TLS certificate and its key are not a pair in PEM'))
  })
})
