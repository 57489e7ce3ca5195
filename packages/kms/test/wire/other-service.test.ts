import { describe, expect, it } from 'vitest'
import { freshKms } from '../support/wire.ts'

const signedFor = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=AKIDA/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`
const form = 'application/x-www-form-urlencoded; charset=utf-8'

async function ask(headers: Readonly<Record<string, string>>, method = 'POST', url = '/') {
  const kms = await freshKms()
  const response = await kms.entry({ method, url, headers, body: new Uint8Array(0) })
  return { ...response, text: new TextDecoder().decode(response.body) }
}

const texts = (service: string) =>
  `This is a KMS only, and the request is for ${service}. Set AWS_ENDPOINT_URL_KMS in place of AWS_ENDPOINT_URL.`

describe('a request for another service', () => {
  it.each([
    ['by its target', { 'x-amz-target': 'AmazonSSM.GetParameter' }, 'another service'],
    ['by its signature', { 'x-amz-target': 'AmazonSSM.GetParameter', authorization: signedFor('ssm') }, 'ssm'],
    ['by a signature alone', { authorization: signedFor('lambda') }, 'lambda'],
    ['by a signature for no name', { authorization: signedFor('<x>') }, 'another service'],
  ])('that shows %s gets a 404 in JSON', async (_, headers, service) => {
    const { status, headers: answered, text } = await ask(headers)
    expect(status).toBe(404)
    expect(answered['Content-Type']).toBe('application/json')
    expect(JSON.parse(text)).toEqual({ __type: 'UnknownOperationException', message: texts(service) })
  })

  it.each([
    ['a form', { 'content-type': form }, 'another service', /^<ErrorResponse><Error>.*<\/Error><RequestId>/],
    ['a form of ec2', { 'content-type': form, authorization: signedFor('ec2') }, 'ec2', /^<Response><Errors><Error>/],
    ['a request of s3', { authorization: signedFor('s3') }, 's3', /^<Error>/],
  ])('as %s gets a 404 in XML', async (_, headers, service, shape) => {
    const { status, headers: answered, text } = await ask(headers)
    expect([status, answered['Content-Type'], answered['Content-Length']]).toEqual([404, 'text/xml', `${text.length}`])
    expect(text).toMatch(shape)
    expect(text).toContain(`<Code>InvalidAction</Code><Message>${texts(service)}</Message>`)
  })

  it('is not one that is signed for the KMS, or that has a target of it', async () => {
    const ours = await ask({ 'x-amz-target': 'Other.X', authorization: signedFor('kms') })
    const named = await ask({ 'x-amz-target': 'TrentService.Unheard', 'content-type': form })
    for (const { status, text } of [ours, named]) {
      expect([status, text]).toEqual([400, '{"__type":"UnknownOperationException"}'])
    }
  })
})
