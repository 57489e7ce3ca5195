import { describe, expect, it } from 'vitest'
import type { LocalKms } from '../../src/local-kms.ts'
import { testKms } from '../../src/testing.ts'
import type { WireRequest } from '../../src/wire/message.ts'
import { type Signing, signedRequest } from '../support/signed.ts'
import { decode } from '../support/wire.ts'

const alice = { accessKeyId: 'AKIDALICE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const session = { accessKeyId: 'ASIASESSION', secretAccessKey: 'session-secret', sessionToken: 'a session token' }
const old = { accessKeyId: 'ASIAOLD', secretAccessKey: 'old-secret', sessionToken: 'an old session token' }

const seed = {
  credentials: [
    { ...alice, account: '222222222222', principal: 'arn:aws:iam::222222222222:user/alice' },
    session,
    { ...old, expiration: '2020-01-01T00:00:00Z' },
  ],
}

interface Outcome {
  readonly type: unknown
  readonly message: unknown
  readonly status: number
}

async function outcomeOf(kms: LocalKms, request: WireRequest): Promise<Outcome> {
  const response = await kms.entry(request)
  const { __type = 'success', message } = decode(response)
  return { type: __type, message, status: response.status }
}

async function outcome(signing: Signing, change: (request: WireRequest) => WireRequest = (request) => request) {
  await using kms = await testKms(seed)
  return outcomeOf(kms, change(await signedRequest(signing)))
}

const withHeaders =
  (change: (headers: Record<string, string | undefined>) => Record<string, string | undefined>) =>
  (request: WireRequest): WireRequest => ({ ...request, headers: change({ ...request.headers }) })

const inAuthorization = (from: string | RegExp, to: string) =>
  withHeaders((headers) => ({ ...headers, authorization: headers.authorization?.replace(from, to) }))

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
const UNKNOWN = 'The security token included in the request is invalid.'

describe('a signature that is accepted', () => {
  it('is one of a known access key', async () => {
    expect(await outcome(alice)).toMatchObject({ type: 'success', status: 200 })
  })

  it('is one of a session with its token', async () => {
    expect(await outcome(session)).toMatchObject({ type: 'success' })
  })

  it('may be up to five minutes off, either way', async () => {
    for (const skew of [-299_000, 299_000]) {
      expect(await outcome({ ...alice, now: Date.now() + skew })).toMatchObject({ type: 'success' })
    }
  })

  it('is good again for the same day without deriving the key anew, and not for another secret', async () => {
    await using kms = await testKms(seed)
    const request = await signedRequest(alice)
    expect((await outcomeOf(kms, request)).type).toBe('success')
    expect((await outcomeOf(kms, request)).type).toBe('success')
    const forged = await signedRequest({ ...alice, secretAccessKey: 'another' })
    expect((await outcomeOf(kms, forged)).type).toBe('InvalidSignatureException')
  })
})

describe('a signature that is refused', () => {
  it('is missing', async () => {
    const unsigned = withHeaders(({ authorization: _, ...headers }) => headers)
    expect(await outcome(alice, unsigned)).toEqual({
      type: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
      status: 400,
    })
  })

  it('is of another scheme, and is not repeated to the caller', async () => {
    const bearer = withHeaders((headers) => ({ ...headers, authorization: 'Bearer token-of-somebody' }))
    const { type, message } = await outcome(alice, bearer)
    expect(type).toBe('IncompleteSignatureException')
    expect(message).toMatch(
      /^Authorization header requires 'Credential' parameter\. Authorization header requires 'Signature' parameter\. Authorization header requires 'SignedHeaders' parameter\. /,
    )
    expect(message).not.toContain('token-of-somebody')
  })

  it.each(['Credential', 'SignedHeaders', 'Signature'])('lacks its %s', async (name) => {
    const { type, message } = await outcome(alice, inAuthorization(new RegExp(`${name}=[^,]*`), `X${name}=x`))
    expect(type).toBe('IncompleteSignatureException')
    expect(message).toContain(`Authorization header requires '${name}' parameter.`)
  })

  it.each(['Credential', 'SignedHeaders', 'Signature'])('has its %s twice', async (name) => {
    const twice = inAuthorization(new RegExp(`(${name}=[^,]*)`), '$1, $1')
    const { type, message } = await outcome(alice, twice)
    expect(type).toBe('IncompleteSignatureException')
    expect(message).toContain(`The Authorization header has the parameter '${name}' twice.`)
    expect(message).not.toContain(alice.accessKeyId)
  })

  it('has a parameter of no meaning', async () => {
    const { type, message } = await outcome(alice, inAuthorization('Credential=', 'Scope=x, Credential='))
    expect(type).toBe('IncompleteSignatureException')
    expect(message).toContain('The Authorization header has an unknown parameter, or was sent twice.')
  })

  it.each(['enforce', 'off'] as const)('was sent twice, with checking %s', async (auth) => {
    await using kms = await testKms(seed, { auth })
    const twice = withHeaders((headers) => ({
      ...headers,
      authorization: `${headers.authorization}, ${headers.authorization}`,
    }))
    const { type, message } = await outcomeOf(kms, twice(await signedRequest(alice)))
    expect(type).toBe('IncompleteSignatureException')
    expect(message).toMatch(/^The Authorization header has the parameter 'SignedHeaders' twice\./)
  })

  it('has a part without an equal sign', async () => {
    const { type } = await outcome(alice, inAuthorization('Signature=', 'Signature '))
    expect(type).toBe('IncompleteSignatureException')
  })

  it('has a credential scope of four parts', async () => {
    const { type } = await outcome(alice, inAuthorization('/kms/aws4_request', '/aws4_request'))
    expect(type).toBe('IncompleteSignatureException')
  })

  it('has no date', async () => {
    const undated = withHeaders(({ 'x-amz-date': _, ...headers }) => headers)
    expect(await outcome(alice, undated)).toMatchObject({
      type: 'IncompleteSignatureException',
      message: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    })
  })

  it('has a date that is none', async () => {
    const { type } = await outcome(alice, (request) => {
      const day = request.headers['x-amz-date']?.slice(0, 8)
      return withHeaders((headers) => ({ ...headers, 'x-amz-date': `${day}T996161Z` }))(request)
    })
    expect(type).toBe('IncompleteSignatureException')
  })

  it.each([
    ['another service', '/kms/', '/sts/', "Credential should be scoped to correct service: 'kms'."],
    [
      'another terminator',
      'aws4_request',
      'aws9_request',
      "Credential should be scoped with a valid terminator: 'aws4_request'.",
    ],
    [
      'another day',
      /\/\d{8}\//,
      '/20200101/',
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.',
    ],
  ])('is scoped to %s', async (_, from, to, message) => {
    expect(await outcome(alice, inAuthorization(from, to))).toMatchObject({
      type: 'InvalidSignatureException',
      message,
    })
  })

  it.each([
    ['local', "The Region 'local' is unknown."],
    [`us-${'e'.repeat(28)}-1`, 'The Region of the signature is unknown.'],
    ['us east 1', 'The Region of the signature is unknown.'],
  ])('is scoped to the Region %s, which is unknown', async (region, says) => {
    const { type, message } = await outcome(alice, inAuthorization('/us-east-1/', `/${region}/`))
    expect(type).toBe('ValidationException')
    expect(message).toBe(`${says} Set AWS_REGION and AWS_DEFAULT_REGION to one such as us-east-1.`)
  })

  it('is older than five minutes', async () => {
    const { type, message } = await outcome({ ...alice, now: Date.now() - 302_000 })
    expect(type).toBe('InvalidSignatureException')
    expect(message).toMatch(
      /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/,
    )
  })

  it('is more than five minutes ahead', async () => {
    const { type, message } = await outcome({ ...alice, now: Date.now() + 302_000 })
    expect(type).toBe('InvalidSignatureException')
    expect(message).toMatch(
      /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 5 min\.\)$/,
    )
  })

  it('is of an unknown access key', async () => {
    expect(await outcome({ ...alice, accessKeyId: 'AKIDNOBODY' })).toEqual({
      type: 'UnrecognizedClientException',
      message: UNKNOWN,
      status: 400,
    })
  })

  it('is of an account number, once credentials are configured', async () => {
    expect(await outcome({ ...alice, accessKeyId: '222222222222' })).toMatchObject({
      type: 'UnrecognizedClientException',
    })
  })

  it('is under another secret', async () => {
    const forged = { ...alice, secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEX' }
    expect(await outcome(forged)).toMatchObject({ type: 'InvalidSignatureException', message: MISMATCH })
  })

  it.each([
    ['cut short', /Signature=([0-9a-f]{62})[0-9a-f]{2}/, 'Signature=$1'],
    ['in capitals', /Signature=[0-9a-f]+/, `Signature=${'A'.repeat(64)}`],
    ['no hex', /Signature=[0-9a-f]+/, `Signature=${'z'.repeat(64)}`],
  ])('is %s', async (_, from, to) => {
    expect(await outcome(alice, inAuthorization(from, to))).toMatchObject({ message: MISMATCH })
  })

  it.each([
    ['its body', (request: WireRequest) => ({ ...request, body: new TextEncoder().encode('{"Limit":8}') })],
    ['its method', (request: WireRequest) => ({ ...request, method: 'PUT' })],
    ['its path', (request: WireRequest) => ({ ...request, url: '/x' })],
    ['its query', (request: WireRequest) => ({ ...request, url: '/?a=b' })],
    ['its operation', withHeaders((headers) => ({ ...headers, 'x-amz-target': 'TrentService.CreateKey' }))],
    ['its host', withHeaders((headers) => ({ ...headers, host: 'elsewhere' }))],
  ])('was made for a request from which %s differs', async (_, change) => {
    expect(await outcome(alice, change)).toMatchObject({ type: 'InvalidSignatureException', message: MISMATCH })
  })

  it.each(['host', 'x-amz-target', 'x-amz-date'])('does not cover %s', async (name) => {
    const { type, message } = await outcome(alice, inAuthorization(new RegExp(`(SignedHeaders=[^,]*?)${name};?`), '$1'))
    expect(type).toBe('InvalidSignatureException')
    expect(message).toMatch(/must be a 'SignedHeader' in the AWS Authorization\.$/)
  })

  it('does not cover an x-amz header that was slipped in', async () => {
    const slipped = withHeaders((headers) => ({ ...headers, 'x-amz-extra': '1' }))
    expect(await outcome(alice, slipped)).toMatchObject({
      message: "'x-amz-extra' must be a 'SignedHeader' in the AWS Authorization.",
    })
  })

  it('names a header of every object', async () => {
    const named = inAuthorization('SignedHeaders=', 'SignedHeaders=__proto__;constructor;')
    expect(await outcome(alice, named)).toMatchObject({ type: 'InvalidSignatureException', message: MISMATCH })
  })

  it('is of a session without its token', async () => {
    const { sessionToken: _, ...tokenless } = session
    expect(await outcome(tokenless)).toMatchObject({ type: 'UnrecognizedClientException', message: UNKNOWN })
  })

  it('is of a session with another token', async () => {
    const other = { ...session, sessionToken: 'another token!!' }
    expect(await outcome(other)).toMatchObject({ type: 'UnrecognizedClientException' })
  })

  it('brings a token that its access key does not have', async () => {
    expect(await outcome({ ...alice, sessionToken: 'made up' })).toMatchObject({ type: 'UnrecognizedClientException' })
  })

  it('is of a session that is over', async () => {
    expect(await outcome(old)).toMatchObject({
      type: 'ExpiredTokenException',
      message: 'The security token included in the request is expired',
    })
  })
})

describe('who the caller is', () => {
  const describeMissing = async (kms: LocalKms, identity: object) => {
    const { KMSClient, DescribeKeyCommand } = await import('@aws-sdk/client-kms')
    const client = new KMSClient({ ...kms.clientConfig(identity), maxAttempts: 1 })
    const KeyId = '00000000-0000-4000-8000-000000000000'
    return client.send(new DescribeKeyCommand({ KeyId })).catch((error: Error) => error.message)
  }

  it('is the account of the access key, in the Region of the scope', async () => {
    await using kms = await testKms(seed)
    expect(await describeMissing(kms, { accessKeyId: 'AKIDALICE', region: 'eu-central-1' })).toBe(
      "Key 'arn:aws:kms:eu-central-1:222222222222:key/00000000-0000-4000-8000-000000000000' does not exist",
    )
  })

  it('is, unchecked, the account that a 12-digit access key id names', async () => {
    await using kms = await testKms()
    expect(await describeMissing(kms, { account: '333333333333', region: 'cn-north-1' })).toBe(
      "Key 'arn:aws-cn:kms:cn-north-1:333333333333:key/00000000-0000-4000-8000-000000000000' does not exist",
    )
  })

  it('is, unchecked and unknown, the default account', async () => {
    await using kms = await testKms({}, { account: '444444444444' })
    const request = await signedRequest({ accessKeyId: 'AKIDANYBODY', secretAccessKey: 'x' })
    expect((await outcomeOf(kms, request)).type).toBe('success')
    expect(await describeMissing(kms, {})).toContain(':444444444444:')
  })

  it('is, without any signature, the default account in the default Region', async () => {
    await using kms = await testKms({ account: '555555555555', region: 'ap-south-1' })
    const body = new TextEncoder().encode('{}')
    const headers = { 'x-amz-target': 'TrentService.CreateKey' }
    const made = decode(await kms.entry({ method: 'POST', url: '/', headers, body }))
    expect(made.KeyMetadata).toMatchObject({ Arn: expect.stringContaining('arn:aws:kms:ap-south-1:555555555555:key/') })
  })

  it('cannot be checked without credentials', async () => {
    await expect(testKms({}, { auth: 'enforce' })).rejects.toThrow(TypeError)
  })

  it('is told by the access key alone where checking is off, whatever the secret', async () => {
    await using kms = await testKms(seed, { auth: 'off' })
    const request = await signedRequest({ ...alice, secretAccessKey: 'anything' })
    expect((await outcomeOf(kms, request)).type).toBe('success')
  })
})
