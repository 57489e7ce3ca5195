import { equal } from '@bongtu/crypto/node'
import type { Caller } from '../caller.ts'
import { isAccount, isRegion, partitionOf } from '../keys/arn.ts'
import type { Credential, Credentials } from './credentials.ts'
import { invalid, KmsError, type KmsErrorCode } from './errors.ts'
import type { WireRequest } from './message.ts'
import { parseAuthorization } from './sigv4/authorization.ts'
import { createVerifier } from './sigv4/verify.ts'

export interface AuthenticationOptions {
  readonly credentials: Credentials
  /** Whether signatures are checked. Without, a request tells its account and Region by its Authorization header. */
  readonly enforce: boolean
  readonly defaultAccount: string
  readonly defaultRegion: string
  /** The time of this machine in milliseconds since 1970, which the clock of the KMS may be far from. */
  readonly systemTime: () => number
}

/** The caller of a request. Throws what AWS answers where it cannot be told who that is. */
export type Authenticate = (request: WireRequest) => Caller

export function createAuthentication(options: AuthenticationOptions): Authenticate {
  const { credentials } = options
  const verify = createVerifier()

  return (request) => {
    const header = request.headers.authorization
    if (header === undefined && !options.enforce) return rootOf(options.defaultAccount, options.defaultRegion)
    if (!header) throw advised('MissingAuthenticationTokenException', 'Missing Authentication Token', credentials)
    const authorization = parseAuthorization(header)
    const { accessKeyId, region } = authorization
    if (!isRegion(region)) throw unknownRegion(region)
    const credential = credentials.find(accessKeyId)
    if (options.enforce) {
      if (credential === undefined) throw unrecognized(credentials)
      checkToken(credential, request, credentials, options.systemTime())
      verify(request, authorization, credential, options.systemTime())
    }
    if (credential !== undefined) return callerOf(credential, region)
    return rootOf(isAccount(accessKeyId) ? accessKeyId : options.defaultAccount, region)
  }
}

function checkToken(credential: Credential, request: WireRequest, credentials: Credentials, now: number): void {
  const encode = (text: string | undefined) => new TextEncoder().encode(text ?? '')
  const given = encode(request.headers['x-amz-security-token'])
  if (!equal(encode(credential.sessionToken), given)) throw unrecognized(credentials)
  if (credential.expiration !== undefined && credential.expiration <= now) {
    throw new KmsError('ExpiredTokenException', 'The security token included in the request is expired')
  }
}

/** AWS has no such endpoint. A signature error would send its reader to look for a wrong secret. */
function unknownRegion(region: string): KmsError {
  const shown = /^[\w-]{1,32}$/.test(region) ? `'${region}'` : 'of the signature'
  return invalid(`The Region ${shown} is unknown. Set AWS_REGION and AWS_DEFAULT_REGION to one such as us-east-1.`)
}

function unrecognized(credentials: Credentials): KmsError {
  const text = 'The security token included in the request is invalid.'
  return advised('UnrecognizedClientException', text, credentials)
}

/** The words of AWS, and what this KMS can add to them. */
function advised(code: KmsErrorCode, text: string, { advice }: Credentials): KmsError {
  return new KmsError(code, advice === '' ? text : `${text.replace(/\.?$/, '.')} ${advice}`)
}

function callerOf({ account, principal }: Credential, region: string): Caller {
  return principal === undefined ? rootOf(account, region) : { account, region, principal }
}

function rootOf(account: string, region: string): Caller {
  return { account, region, principal: `arn:${partitionOf(region)}:iam::${account}:root` }
}
