import { nobleEngine } from '@bongtu/crypto/noble'
import { nodeEngine } from '@bongtu/crypto/node'
import { webEngine } from '@bongtu/crypto/web'
import { type KmsClientOptions, kmsClient } from '@bongtu/keyrings/aws-kms'
import { startServer } from '@bongtu/kms'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ABROAD, HOME, keys, testKms } from '../support/kms.ts'

const permanent = { accessKeyId: 'AKIAPERMANENT', secretAccessKey: 'one secret' }
const session = { accessKeyId: 'ASIASESSION', secretAccessKey: 'another/secret+', sessionToken: 'a//token==' }
const expired = { ...session, accessKeyId: 'ASIAEXPIRED', expiration: '2020-01-01T00:00:00Z' }
const credentials = [permanent, session, expired]
const EncryptionContext = { tenant: 'acme', '\u{ff5e}': '\u{1f600}', '': '' }

/** A client of a KMS that checks every signature. */
async function signingClient(options: KmsClientOptions) {
  const { kms, calls } = await testKms({ credentials })
  return { client: kmsClient({ region: HOME, endpoint: 'http://localhost', fetch: kms.handle, ...options }), calls }
}

describe('kmsClient signs so that a KMS which checks signatures takes it', () => {
  for (const engine of [nodeEngine, webEngine, nobleEngine]) {
    for (const given of [permanent, session]) {
      it(`on the ${engine.name} engine, ${'sessionToken' in given ? 'with' : 'without'} a session token`, async () => {
        const { client } = await signingClient({ credentials: given, engine })
        const made = await client.generateDataKey({ KeyId: keys.first, NumberOfBytes: 32, EncryptionContext })
        const Plaintext = Uint8Array.of(0, 255, 128)
        const sealed = await client.encrypt({ KeyId: keys.first, Plaintext, EncryptionContext })
        const CiphertextBlob = sealed.CiphertextBlob ?? expect.fail()
        const opened = await client.decrypt({ KeyId: keys.first, CiphertextBlob, EncryptionContext })
        const described = await client.describeKey?.({ KeyId: keys.alias })
        expect(made).toMatchObject({ KeyId: keys.first, Plaintext: expect.any(Uint8Array) })
        expect(made.Plaintext).toHaveLength(32)
        expect(opened.Plaintext).toEqual(Plaintext)
        expect(described?.KeyMetadata?.Arn).toBe(keys.first)
      })
    }
  }

  it('over a socket, with a port in the host', async () => {
    const seed = { credentials, keys: [{ id: keys.first.slice(-36) }] }
    const server = await startServer({ place: { memory: true }, seed, port: 0, logLevel: 'silent' })
    onTestFinished(() => server.close())
    const client = kmsClient({ region: HOME, endpoint: server.url, credentials: session })
    const { Plaintext } = await client.generateDataKey({ KeyId: keys.first, NumberOfBytes: 16 })
    expect(Plaintext).toHaveLength(16)
  })

  it('with any secret and token, and any text in the request', async () => {
    const printable = fc.string({
      unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)),
      minLength: 1,
    })
    await fc.assert(
      fc.asyncProperty(
        printable,
        fc.option(printable, { nil: undefined }),
        fc.string({ unit: 'grapheme' }),
        async (secret, token, value) => {
          const known = {
            accessKeyId: 'AKIA',
            secretAccessKey: secret,
            ...(token === undefined ? {} : { sessionToken: token }),
          }
          const { kms } = await testKms({ credentials: [known] })
          const client = kmsClient({
            region: ABROAD,
            endpoint: 'http://localhost',
            fetch: kms.handle,
            credentials: known,
          })
          const { KeyId } = await client.generateDataKey({
            KeyId: keys.abroad,
            NumberOfBytes: 32,
            EncryptionContext: { value },
          })
          expect(KeyId).toBe(keys.abroad)
        },
      ),
      { numRuns: 25 },
    )
  })

  it('with credentials that are asked for anew for each call', async () => {
    const given = [permanent, session]
    const { client } = await signingClient({ credentials: async () => given.shift() ?? expect.fail() })
    for (const _call of [1, 2]) await client.describeKey?.({ KeyId: keys.first })
    expect(given).toEqual([])
  })
})

describe('kmsClient is refused', () => {
  it.each([
    ['another secret', { ...permanent, secretAccessKey: 'one secreT' }, 'InvalidSignatureException'],
    ['an unknown access key', { ...permanent, accessKeyId: 'AKIAUNKNOWN' }, 'UnrecognizedClientException'],
    ['no session token', { ...permanent, accessKeyId: session.accessKeyId }, 'UnrecognizedClientException'],
    ['another session token', { ...session, sessionToken: 'other' }, 'UnrecognizedClientException'],
    ['an expired session', { ...session, accessKeyId: expired.accessKeyId }, 'ExpiredTokenException'],
  ])('with %s, once', async (_what, given, name) => {
    const { client, calls } = await signingClient({ credentials: given })
    const call = client.generateDataKey({ KeyId: keys.first, NumberOfBytes: 32 })
    await expect(call).rejects.toMatchObject({ name, retryable: false, $metadata: { requestId: expect.any(String) } })
    expect(calls()).toHaveLength(1)
  })
})
