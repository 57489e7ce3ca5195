import { equal } from '@bongtu/crypto/node'
import type { Authenticate, AuthenticationOptions } from '../wire/authenticate.ts'
import { KmsError } from '../wire/errors.ts'
import type { WireRequest, WireResponse } from '../wire/message.ts'
import { refuse } from '../wire/refusal.ts'
import { isAuthorization } from '../wire/sigv4/authorization.ts'

/** Whether the headers of a request hold what may be an access key, if one is required. */
export type BodyGuard = (headers: WireRequest['headers']) => boolean

/** `door`: the API takes signatures; the pages and the admin port take HTTP Basic, too. */
export function createBodyGuard({ enforce }: AuthenticationOptions, door: 'api' | 'admin'): BodyGuard {
  return ({ authorization = '' }) =>
    !enforce || isAuthorization(authorization) || (door === 'admin' && BASIC.test(authorization))
}

/** The refusal of a request that brings no access key of this KMS; `undefined` where the request may go on. */
export type Guard = (request: WireRequest) => WireResponse | undefined

const BASIC = /^Basic +([A-Za-z0-9+/]{1,2048}={0,2})$/i

/**
 * Guards what is not of the API: the metrics and the admin port. Where the API checks signatures, a request must be signed
 * as for the API, or bring the access key as HTTP Basic, as scrapers of metrics do.
 */
export function createGuard(
  { enforce, credentials, systemTime }: AuthenticationOptions,
  authenticate: Authenticate,
): Guard {
  const isKnown = (basic: string): boolean => {
    const [accessKeyId = '', ...rest] = Buffer.from(basic, 'base64').toString().split(':')
    const found = credentials.find(accessKeyId)
    if (found === undefined || found.sessionToken !== undefined) return false
    if (found.expiration !== undefined && found.expiration <= systemTime()) return false
    const encode = (text: string) => new TextEncoder().encode(text)
    return equal(encode(rest.join(':')), encode(found.secretAccessKey))
  }
  return (request) => {
    if (!enforce) return undefined
    const [, basic] = BASIC.exec(request.headers.authorization ?? '') ?? []
    if (basic !== undefined) {
      return isKnown(basic) ? undefined : unauthorized(`The access key is not valid. ${credentials.advice}`)
    }
    try {
      authenticate(request)
      return undefined
    } catch (error) {
      if (!(error instanceof KmsError)) throw error
      return unauthorized(
        `${error.message} Sign the request with curl --aws-sigv4 aws:amz:us-east-1:kms, or bring the access key as HTTP Basic.`,
      )
    }
  }
}

function unauthorized(text: string): WireResponse {
  return refuse(401, text.trim(), { 'WWW-Authenticate': 'Basic realm="bongtu kms"' })
}
