import { equal, sha256Hex } from '@bongtu/crypto/node'
import { KmsError } from '../errors.ts'
import type { WireRequest } from '../message.ts'
import type { Authorization } from './authorization.ts'
import { canonicalRequest } from './canonical-request.ts'
import { createSigningKeys } from './signing-keys.ts'

const SKEW_MINUTES = 5
const SKEW = SKEW_MINUTES * 60_000

export interface SecretAccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Throws as AWS does unless the request is signed with the secret, for this service, within five minutes of `now`. */
export type VerifySignature = (
  request: WireRequest,
  authorization: Authorization,
  secret: SecretAccessKey,
  now: number,
) => void

export function createVerifier(): VerifySignature {
  const signingKey = createSigningKeys()
  return (request, authorization, { accessKeyId, secretAccessKey }, now) => {
    const { date, region, signedHeaders, signature } = authorization
    const time = request.headers['x-amz-date'] ?? isoBasic(request.headers.date)
    if (time === undefined) {
      const text = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
      throw new KmsError('IncompleteSignatureException', text)
    }
    checkScope(authorization, time)
    checkTime(time, now)
    checkSigned(request, signedHeaders)
    const scope = `${date}/${region}/kms/aws4_request`
    const hashed = sha256Hex(canonicalRequest(request, signedHeaders))
    const mac = signingKey(accessKeyId, secretAccessKey, date, region)
    const expected = mac(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${hashed}`)
    if (!/^[0-9a-f]{64}$/.test(signature) || !equal(Buffer.from(signature, 'hex'), expected)) {
      throw wrong(
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      )
    }
  }
}

function checkScope({ date, service, terminator }: Authorization, time: string): void {
  if (service !== 'kms') throw wrong("Credential should be scoped to correct service: 'kms'.")
  if (terminator !== 'aws4_request') throw wrong("Credential should be scoped with a valid terminator: 'aws4_request'.")
  if (date !== time.slice(0, 8)) {
    throw wrong('Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.')
  }
}

function checkTime(time: string, now: number): void {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? []
  const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(signed)) {
    throw new KmsError('IncompleteSignatureException', 'Date must be in ISO-8601 basic format, YYYYMMDDTHHMMSSZ.')
  }
  if (signed < now - SKEW) throw wrong(`Signature expired: ${time} is now earlier than ${around(now, -SKEW)}`)
  if (signed > now + SKEW) throw wrong(`Signature not yet current: ${time} is still later than ${around(now, SKEW)}`)
}

/** A header that says what is asked for, or by whom, is worth nothing unless it is signed. */
function checkSigned(request: WireRequest, signedHeaders: readonly string[]): void {
  if (!signedHeaders.includes('host')) {
    throw wrong("'Host' must be a 'SignedHeader' in the AWS Authorization.")
  }
  for (const name in request.headers) {
    if (name.startsWith('x-amz-') && request.headers[name] !== undefined && !signedHeaders.includes(name)) {
      throw wrong(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`)
    }
  }
  if (request.headers['x-amz-date'] === undefined && !signedHeaders.includes('date')) {
    throw wrong("'Date' must be a 'SignedHeader' in the AWS Authorization.")
  }
}

function around(now: number, skew: number): string {
  return `${isoTime(now + skew)} (${isoTime(now)} ${skew < 0 ? '-' : '+'} ${SKEW_MINUTES} min.)`
}

function isoBasic(date: string | undefined): string | undefined {
  if (date === undefined || /^\d{8}T/.test(date)) return date
  const time = Date.parse(date)
  return Number.isNaN(time) ? date : isoTime(time)
}

function isoTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

function wrong(text: string): KmsError {
  return new KmsError('InvalidSignatureException', text)
}
