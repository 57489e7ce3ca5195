import type { WireRequest, WireResponse } from './message.ts'
import { isAuthorization, parseAuthorization } from './sigv4/authorization.ts'

/** What the `X-Amz-Target` of every call of the KMS starts with. */
export const TARGET_PREFIX = 'TrentService.'

/** An error in the words and the form of one protocol. */
type Form = (text: string, requestId: string) => { readonly contentType: string; readonly body: string }

const JSON_CODE = 'UnknownOperationException'

const json: Form = (text) => ({
  contentType: 'application/json',
  body: JSON.stringify({ __type: JSON_CODE, message: text }),
})

const xml =
  (wrap: (error: string, requestId: string) => string): Form =>
  (text, requestId) => ({
    contentType: 'text/xml',
    body: wrap(`<Error><Type>Sender</Type><Code>InvalidAction</Code><Message>${text}</Message></Error>`, requestId),
  })

const query = xml((error, id) => `<ErrorResponse>${error}<RequestId>${id}</RequestId></ErrorResponse>`)

/** Services that have an XML form of their own, or XML where their requests do not show it, by the name that they are signed for. */
const XML_SERVICES: ReadonlyMap<string, Form> = new Map([
  ['ec2', xml((error, id) => `<Response><Errors>${error}</Errors><RequestID>${id}</RequestID></Response>`)],
  ['s3', xml((error) => error)],
  ['cloudfront', query],
  ['route53', query],
])

const QUERY_TYPE = /^application\/x-www-form-urlencoded\b/
const NAME = /^[a-z0-9-]{1,32}$/

/**
 * The refusal of a request that is for another AWS service: one endpoint for all services is often set, and a client reads
 * errors in the protocol of its own service only. `undefined` where the request may be for the KMS.
 */
export function refuseOtherService({ headers }: WireRequest, requestId: string): WireResponse | undefined {
  const target = headers['x-amz-target']
  const isQuery = QUERY_TYPE.test(headers['content-type'] ?? '')
  const service = isAuthorization(headers.authorization) ? parseAuthorization(headers.authorization).service : undefined
  if (target?.startsWith(TARGET_PREFIX) || service === 'kms') return undefined
  if (service === undefined && target === undefined && !isQuery) return undefined

  const plain = isQuery ? query : json
  const form = target === undefined ? (XML_SERVICES.get(service ?? '') ?? plain) : json
  const name = service !== undefined && NAME.test(service) ? service : 'another service'
  const text = `This is a KMS only, and the request is for ${name}. Set AWS_ENDPOINT_URL_KMS in place of AWS_ENDPOINT_URL.`
  const { contentType, body: content } = form(text, requestId)
  const body = Buffer.from(content)
  return {
    status: 404,
    headers: {
      'x-amzn-RequestId': requestId,
      'Content-Type': contentType,
      'Content-Length': String(body.length),
      ...(form === json ? { 'x-amzn-ErrorType': JSON_CODE } : {}),
    },
    body,
  }
}
