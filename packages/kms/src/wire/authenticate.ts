import { equal } from '@bongtu/crypto/node'
import type { Caller } from '../caller.ts'
import { isAccount, isRegion, partitionOf } from '../keys/arn.ts'
import { KmsError } from './errors.ts'
import type { WireRequest } from './message.ts'
import { parseAuthorization } from './sigv4/authorization.ts'
import { createVerifier } from './sigv4/verify.ts'

/** An access key that requests may be signed with. */
export interface Credential {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Where it is set, requests must bring it as X-Amz-Security-Token. */
  readonly sessionToken?: string
  /** When the session ends, in milliseconds since 1970. */
  readonly expiration?: number
  readonly account: string
  /** The user or role that the access key belongs to; the root of the account by default. */
  readonly principal?: string
}

export interface AuthenticationOptions {
  readonly credentials: readonly Credential[]
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
  const byId = new Map(options.credentials.map((credential) => [credential.accessKeyId, credential]))
  const verify = createVerifier()

  return (request) => {
    const header = request.headers.authorization
    if (header === undefined && !options.enforce) return rootOf(options.defaultAccount, options.defaultRegion)
    const authorization = parseAuthorization(header)
    const { accessKeyId, region } = authorization
    if (!isRegion(region)) {
      throw new KmsError('InvalidSignatureException', 'Credential should be scoped to a valid region.')
    }
    const credential = byId.get(accessKeyId)
    if (options.enforce) {
      const known = checkToken(credential, request, options.systemTime())
      verify(request, authorization, known, options.systemTime())
    }
    if (credential !== undefined) return callerOf(credential, region)
    return rootOf(isAccount(accessKeyId) ? accessKeyId : options.defaultAccount, region)
  }
}

function checkToken(credential: Credential | undefined, request: WireRequest, now: number): Credential {
  const encode = (text: string | undefined) => new TextEncoder().encode(text ?? '')
  const given = encode(request.headers['x-amz-security-token'])
  if (credential === undefined || !equal(encode(credential.sessionToken), given)) {
    throw new KmsError('UnrecognizedClientException', 'The security token included in the request is invalid.')
  }
  if (credential.expiration !== undefined && credential.expiration <= now) {
    throw new KmsError('ExpiredTokenException', 'The security token included in the request is expired')
  }
  return credential
}

function callerOf({ account, principal }: Credential, region: string): Caller {
  return principal === undefined ? rootOf(account, region) : { account, region, principal }
}

function rootOf(account: string, region: string): Caller {
  return { account, region, principal: `arn:${partitionOf(region)}:iam::${account}:root` }
}
