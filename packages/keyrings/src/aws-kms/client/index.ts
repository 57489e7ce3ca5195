import { defaultEngine, type Engine } from '@bongtu/crypto'
import { type OptionNames, refuseUnknownOptions } from '../../exact-options.ts'
import type { Kms, KmsCallOptions } from '../port.ts'
import { fromWire, toWire } from './json.ts'
import { type Post, post } from './post.ts'
import { retried } from './retry.ts'
import { callersCredentials, callersRegion, checkRegion, endpointOf, type KmsCredentials } from './settings.ts'
import { sign } from './sign.ts'

export interface KmsClientOptions {
  /** Default: `AWS_REGION`, `AWS_DEFAULT_REGION`, or the shared profile. */
  readonly region?: string
  /** Default: the environment, or the shared profile. Asked for each call where it is a function. */
  readonly credentials?: KmsCredentials | (() => Promise<KmsCredentials>)
  /** Default: `AWS_ENDPOINT_URL_KMS`, `AWS_ENDPOINT_URL`, or AWS's own of the Region. Plain http only to this machine. */
  readonly endpoint?: string
  /** Which shared profile to read. Default: `AWS_PROFILE`. */
  readonly profile?: string
  /** Calls in all, where one is throttled or fails. Default 3. */
  readonly maxAttempts?: number
  /** Milliseconds for one attempt. Default 10,000. */
  readonly timeout?: number
  /** In place of the platform's `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>
  readonly engine?: Engine
}

const OPTIONS: OptionNames<KmsClientOptions> = {
  region: true,
  credentials: true,
  endpoint: true,
  profile: true,
  maxAttempts: true,
  timeout: true,
  fetch: true,
  engine: true,
}

/**
 * The few calls of AWS KMS that keyrings need, over `fetch` with AWS Signature Version 4: for browsers, workers, and
 * wherever `@aws-sdk/client-kms` is too much. Throws TypeError or RangeError for wrong options; calls reject with an
 * error named as AWS names it (`AccessDeniedException` …).
 */
export function kmsClient(options: KmsClientOptions = {}): Kms {
  refuseUnknownOptions('kmsClient', options, OPTIONS)
  const { profile, engine = defaultEngine, maxAttempts = 3, timeout = 10_000, fetch } = options
  positive('maxAttempts', maxAttempts)
  positive('timeout', timeout)
  const given = options.region === undefined ? undefined : checkRegion(options.region)
  const region = async (): Promise<string> => given ?? callersRegion(profile)
  const credentials = async (): Promise<KmsCredentials> => {
    if (typeof options.credentials === 'function') return options.credentials()
    return options.credentials ?? callersCredentials(profile)
  }

  const call = async (operation: string, input: object, { abortSignal }: KmsCallOptions = {}): Promise<object> => {
    const where = await region()
    const url = endpointOf(where, options.endpoint)
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` }
    const body = toWire(input)
    const attempt = async (): Promise<object> => {
      const signed = await sign(engine, { url, headers, body }, await credentials(), where, new Date())
      const message: Post = {
        url,
        headers: signed,
        body,
        timeout,
        signal: abortSignal,
        fetch: fetch ?? globalThis.fetch,
      }
      return fromWire(await post(message))
    }
    try {
      return await retried(maxAttempts, abortSignal, attempt)
    } finally {
      body.fill(0)
    }
  }
  return Object.freeze<Kms>({
    config: { region },
    generateDataKey: (input, callOptions) => call('GenerateDataKey', input, callOptions),
    encrypt: (input, callOptions) => call('Encrypt', input, callOptions),
    decrypt: (input, callOptions) => call('Decrypt', input, callOptions),
    describeKey: (input, callOptions) => call('DescribeKey', input, callOptions),
  })
}

function positive(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`kmsClient: ${name} is a whole number from 1`)
}

export type { KmsCredentials }
