import { defaultEngine, type Engine } from '@bongtu/crypto'
import { kindOf, type OptionNames, readOptions, wholeNumber } from '@bongtu/crypto/options'
import type { Kms } from '../port.ts'
import { checkEndpoint, configuredEndpoint, endpointOfRegion } from './endpoint.ts'
import { overFetch } from './post.ts'
import { callersCredentials, callersRegion, checkCredentials, checkRegion, type KmsCredentials } from './settings.ts'
import { type Profile, sharedProfile } from './shared-profile.ts'
import { wireClient } from './wire-client.ts'

export type { KmsCredentials }

export interface KmsClientOptions {
  /** Default: `AWS_REGION`, `AWS_DEFAULT_REGION`, or the shared profile. */
  readonly region?: string
  /**
   * Default: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or the shared profile. A function, such as the providers of
   * `@aws-sdk/credential-providers`, is asked for each call.
   */
  readonly credentials?: KmsCredentials | (() => Promise<KmsCredentials>)
  /** Default: `AWS_ENDPOINT_URL_KMS`, `AWS_ENDPOINT_URL`, or AWS's own of the Region. */
  readonly endpoint?: string
  /** Lets an endpoint be plain http on another machine. Data keys then cross the network in clear. Default: false. */
  readonly allowPlainHttp?: boolean
  /** The shared profile to read, before the environment's credentials. Default: `AWS_PROFILE`, after them. */
  readonly profile?: string
  /** Calls in all, where one is throttled, fails in the service, or gets no answer. Default: 3. */
  readonly maxAttempts?: number
  /** Milliseconds for one attempt. Default: 10,000. */
  readonly timeout?: number
  /** Milliseconds for a call with all its attempts. Default: 30,000. */
  readonly deadline?: number
  /** In place of the platform's `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>
  /** Where signatures are made. Default: the engine of this platform. */
  readonly engine?: Engine
}

const OPTIONS: OptionNames<KmsClientOptions> = {
  region: true,
  credentials: true,
  endpoint: true,
  allowPlainHttp: true,
  profile: true,
  maxAttempts: true,
  timeout: true,
  deadline: true,
  fetch: true,
  engine: true,
}

/** As `setTimeout` takes it. */
const MAX_MILLISECONDS = 0x7fffffff

/**
 * The few calls of AWS KMS that keyrings make, over `fetch` with AWS Signature Version 4: for browsers, workers, and
 * wherever `@aws-sdk/client-kms` is too much. Connections are kept alive as `fetch` does.
 *
 * Throttling, faults of the service and lost connections are tried again after a random pause; a denial never is. Calls
 * reject with a KmsServiceError named as AWS names it (`AccessDeniedException` …), with a KmsConnectionError where no
 * answer comes in time, with the reason of an aborted signal, and with an Error that says which setting is missing.
 *
 * @throws TypeError or RangeError for wrong options.
 */
export function kmsClient(given: KmsClientOptions = {}): Kms {
  const options = readOptions('kmsClient', given, OPTIONS)
  const { credentials, profile, engine = defaultEngine, fetch = (request) => globalThis.fetch(request) } = options
  const { allowPlainHttp = false } = options
  if (typeof allowPlainHttp !== 'boolean') {
    throw new TypeError(`kmsClient: allowPlainHttp must be true or false, got ${kindOf(allowPlainHttp)}`)
  }
  if (typeof fetch !== 'function') throw new TypeError(`kmsClient: fetch must be a function, got ${kindOf(fetch)}`)
  const region = options.region === undefined ? undefined : checkRegion(options.region)
  const endpoint = options.endpoint === undefined ? undefined : checkEndpoint(options.endpoint, allowPlainHttp)
  const own = typeof credentials === 'object' ? checkCredentials(credentials) : credentials
  if (own !== undefined && typeof own !== 'object' && typeof own !== 'function') checkCredentials(own)
  const settings = readOnce(() => sharedProfile(profile))
  return wireClient({
    region: async () => region ?? callersRegion(settings),
    credentials: async () => {
      if (own === undefined) return callersCredentials(profile !== undefined, settings)
      return typeof own === 'function' ? checkCredentials(await own()) : own
    },
    endpoint: async (of) => {
      const configured = endpoint === undefined ? configuredEndpoint() : undefined
      return endpoint ?? (configured === undefined ? endpointOfRegion(of) : checkEndpoint(configured, allowPlainHttp))
    },
    engine,
    maxAttempts: wholeNumber('kmsClient: maxAttempts', options.maxAttempts ?? 3, 1, 100),
    timeout: wholeNumber('kmsClient: timeout', options.timeout ?? 10_000, 1, MAX_MILLISECONDS),
    deadline: wholeNumber('kmsClient: deadline', options.deadline ?? 30_000, 1, MAX_MILLISECONDS),
    send: overFetch(fetch),
  })
}

/** Read on first use, and again only where that failed. */
function readOnce(read: () => Promise<Profile>): () => Promise<Profile> {
  let known: Promise<Profile> | undefined
  return () => {
    known ??= read().catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }
}
