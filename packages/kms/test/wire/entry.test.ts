import { describe, expect, it, onTestFinished } from 'vitest'
import { localKms } from '../../src/local-kms.ts'
import { testKms } from '../../src/testing.ts'
import type { CallRecord } from '../../src/wire/entry.ts'
import { decode, encode, freshKms, post } from '../support/wire.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('an answer', () => {
  it('has the content type of AWS JSON 1.1, its length, and a request id of its own', async () => {
    const kms = await freshKms()
    const first = await post(kms, 'ListKeys', {})
    const second = await post(kms, 'ListKeys', {})
    expect(first.headers['Content-Type']).toBe('application/x-amz-json-1.1')
    expect(first.headers['Content-Length']).toBe(String(first.body.length))
    expect(first.headers['x-amzn-RequestId']).toMatch(UUID)
    expect(second.headers['x-amzn-RequestId']).not.toBe(first.headers['x-amzn-RequestId'])
  })

  it('writes times as seconds with a fraction, blobs as base64, and nothing as null', async () => {
    const kms = await freshKms()
    const before = Date.now() / 1000
    const { KeyMetadata } = decode(await post(kms, 'CreateKey', {})) as { KeyMetadata: Record<string, unknown> }
    expect(KeyMetadata.CreationDate).toBeGreaterThanOrEqual(before)
    expect(KeyMetadata.CreationDate).toBeLessThanOrEqual(Date.now() / 1000)
    expect(Object.values(KeyMetadata)).not.toContain(null)
    const { Plaintext } = decode(await post(kms, 'GenerateRandom', { NumberOfBytes: 4 }))
    expect(Plaintext).toMatch(/^[A-Za-z0-9+/]{6}==$/)
  })

  it('is empty for an operation that answers nothing', async () => {
    const kms = await freshKms()
    const { KeyMetadata } = decode(await post(kms, 'CreateKey', {})) as { KeyMetadata: { KeyId: string } }
    const response = await post(kms, 'DisableKey', { KeyId: KeyMetadata.KeyId })
    expect([response.status, response.body.length]).toEqual([200, 0])
  })
})

describe('an error', () => {
  it('has its type and a lower-case message', async () => {
    const response = await post(await freshKms(), 'DescribeKey', { KeyId: 'no-key' })
    expect(response.status).toBe(400)
    expect(new TextDecoder().decode(response.body)).toBe(
      '{"__type":"NotFoundException","message":"Invalid keyId \'no-key\'"}',
    )
    expect(response.headers['x-amzn-RequestId']).toMatch(UUID)
  })

  it('has no message member where AWS sends none', async () => {
    const response = await post(await freshKms(), 'Decrypt', { CiphertextBlob: 'AAAA' })
    expect(new TextDecoder().decode(response.body)).toBe('{"__type":"InvalidCiphertextException"}')
  })

  it.each([
    ['POST', '/', 'TrentService.Unheard'],
    ['POST', '/', 'TrentService.__proto__'],
    ['POST', '/', 'TrentService.toString'],
    ['POST', '/', undefined],
    ['GET', '/', 'TrentService.ListKeys'],
    ['POST', '/elsewhere', 'TrentService.ListKeys'],
    ['POST', '/?Action=ListKeys', 'TrentService.ListKeys'],
  ])('is UnknownOperationException for %s %s %s', async (method, url, target) => {
    const kms = await freshKms()
    const response = await kms.entry({ method, url, headers: { 'x-amz-target': target }, body: encode({}) })
    expect([response.status, decode(response)]).toEqual([400, { __type: 'UnknownOperationException' }])
  })

  it('tells nothing of what went wrong inside', async () => {
    const kms = await testKms()
    await kms.close()
    const response = await post(kms, 'ListKeys', {})
    expect(response.status).toBe(500)
    expect(decode(response).__type).toBe('KMSInternalException')
  })
})

describe('a record of a call', () => {
  it('says who called what on which key and what came of it, and no secret', async () => {
    const records: CallRecord[] = []
    const kms = await localKms({ memory: true, onCall: (record) => records.push(record) })
    onTestFinished(() => kms.close())
    const EncryptionContext = { tenant: 'context-value' }
    const Plaintext = Buffer.from('plain-text-value').toString('base64')
    await post(kms, 'Encrypt', { KeyId: 'alias/aws/s3', Plaintext, EncryptionContext })
    await post(kms, 'Encrypt', { KeyId: 'alias/none', Plaintext, EncryptionContext })
    expect(records).toHaveLength(2)
    expect(records[0]).toMatchObject({ operation: 'Encrypt', keyId: 'alias/aws/s3', error: undefined })
    expect(records[0]?.caller?.principal).toBe('arn:aws:iam::111122223333:root')
    expect(records[1]).toMatchObject({ keyId: 'alias/none', error: { code: 'NotFoundException' } })
    const written = JSON.stringify(records)
    for (const secret of ['context-value', 'plain-text-value', Plaintext]) expect(written).not.toContain(secret)
  })
})
