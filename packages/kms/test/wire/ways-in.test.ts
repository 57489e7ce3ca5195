import { CreateKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { testKms } from '../../src/testing.ts'

const credential = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret access key' }
const post = (url: string, target: string, body: BodyInit) =>
  new Request(url, { method: 'POST', headers: { 'x-amz-target': `TrentService.${target}` }, body })

describe('handle', () => {
  it('answers a Request with a Response', async () => {
    await using kms = await testKms()
    const response = await kms.handle(post('http://kms.example/', 'GenerateRandom', '{"NumberOfBytes":8}'))
    expect(response.status).toBe(200)
    expect(response.headers.get('x-amzn-requestid')).toHaveLength(36)
    const { Plaintext } = (await response.json()) as { Plaintext: string }
    expect(Buffer.from(Plaintext, 'base64')).toHaveLength(8)
  })

  it('checks the signature of what a client sends through fetch', async () => {
    await using kms = await testKms({ credentials: [{ ...credential }] })
    const fetched: number[] = []
    const requestHandler = {
      async handle(request: {
        protocol: string
        hostname: string
        path: string
        method: string
        headers: Record<string, string>
        body: string
      }) {
        const { method, headers, body } = request
        const url = `${request.protocol}//${request.hostname}${request.path}`
        const response = await kms.handle(new Request(url, { method, headers, body }))
        fetched.push(response.status)
        const bytes = new Uint8Array(await response.arrayBuffer())
        return { response: { statusCode: response.status, headers: Object.fromEntries(response.headers), body: bytes } }
      },
    }
    const options = { region: 'us-east-1', endpoint: 'http://kms.example', maxAttempts: 1 }
    const client = new KMSClient({
      ...options,
      credentials: { ...credential },
      requestHandler: requestHandler as never,
    })
    const { KeyMetadata } = await client.send(new CreateKeyCommand({}))
    expect(KeyMetadata?.KeyState).toBe('Enabled')
    const credentials = { ...credential, secretAccessKey: 'wrong' }
    const forger = new KMSClient({ ...options, credentials, requestHandler: requestHandler as never })
    await expect(forger.send(new ListKeysCommand({}))).rejects.toThrow('signature')
    expect(fetched).toEqual([200, 400])
  })

  it('answers a request without a body', async () => {
    await using kms = await testKms()
    const response = await kms.handle(new Request('http://kms.example/'))
    expect(response.status).toBe(400)
  })

  it('stops reading a body that is longer than 1 MiB', async () => {
    await using kms = await testKms()
    const response = await kms.handle(post('http://kms.example/', 'ListKeys', new Uint8Array(1_048_577)))
    expect(response.status).toBe(413)
  })
})

describe('the in-process transport', () => {
  it('stops where the signal was aborted', async () => {
    await using kms = await testKms()
    const client = new KMSClient(kms.clientConfig())
    await expect(client.send(new ListKeysCommand({}), { abortSignal: AbortSignal.abort() })).rejects.toThrow('abort')
  })

  it('stays open for other clients when one is destroyed', async () => {
    await using kms = await testKms()
    const config = kms.clientConfig()
    new KMSClient(config).destroy()
    const { Keys } = await new KMSClient(config).send(new ListKeysCommand({}))
    expect(Keys).toEqual([])
  })

  it('signs with the credential of the seed that was asked for', async () => {
    const other = { accessKeyId: 'AKIDOTHER', secretAccessKey: 'other', account: '999999999999' }
    await using kms = await testKms({ credentials: [{ ...credential }, other] })
    const arnFor = async (identity: object) => {
      const client = new KMSClient(kms.clientConfig(identity))
      return (await client.send(new CreateKeyCommand({}))).KeyMetadata?.Arn
    }
    expect(await arnFor({})).toContain(':111122223333:')
    expect(await arnFor({ accessKeyId: 'AKIDOTHER' })).toContain(':999999999999:')
    expect(await arnFor({ account: '999999999999', region: 'eu-west-3' })).toContain(':eu-west-3:999999999999:')
    expect(() => kms.clientConfig({ accessKeyId: 'AKIDNOBODY' })).toThrow(TypeError)
    expect(() => kms.clientConfig({ account: '123456789012' })).toThrow(TypeError)
  })
})
