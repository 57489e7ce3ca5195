import type { Engine } from '@bongtu/crypto'
import type { Kms, KmsCallOptions } from '../port.ts'
import { KmsConnectionError, serviceError } from './errors.ts'
import { fromWire, toWire } from './json.ts'
import type { Send, WireAnswer } from './post.ts'
import { retried } from './retry.ts'
import type { KmsCredentials } from './settings.ts'
import { sign } from './sign.ts'
import { within } from './within.ts'

export interface WireSettings {
  readonly region: () => Promise<string>
  /** Asked once for each call. */
  readonly credentials: () => Promise<KmsCredentials>
  readonly endpoint: (region: string) => Promise<URL>
  readonly engine: Engine
  readonly maxAttempts: number
  /** Milliseconds for one attempt. */
  readonly timeout: number
  /** Milliseconds for a call with all its attempts. */
  readonly deadline: number
  readonly send: Send
}

/** A client of the AWS KMS protocol over whatever sends requests: it serialises, signs, tries again, and gives up in time. */
export function wireClient(settings: WireSettings): Kms {
  const { deadline } = settings
  const call = (operation: string, input: object, { abortSignal }: KmsCallOptions = {}): Promise<object> => {
    const expired = (): Error => new KmsConnectionError(`no answer to ${operation} within ${deadline} ms`)
    return within(deadline, abortSignal, expired, (signal) => callUntil(settings, operation, input, signal))
  }
  return Object.freeze<Kms>({
    config: { region: settings.region },
    generateDataKey: (input, options) => call('GenerateDataKey', input, options),
    encrypt: (input, options) => call('Encrypt', input, options),
    decrypt: (input, options) => call('Decrypt', input, options),
    describeKey: (input, options) => call('DescribeKey', input, options),
  })
}

async function callUntil(
  { engine, maxAttempts, timeout, send, ...settings }: WireSettings,
  operation: string,
  input: object,
  signal: AbortSignal,
): Promise<object> {
  signal.throwIfAborted()
  const region = await settings.region()
  const url = await settings.endpoint(region)
  const credentials = await settings.credentials()
  const body = toWire(input)
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` }
  const expired = (): Error => new KmsConnectionError(`no answer from ${url.host} within ${timeout} ms`)
  try {
    return await retried(maxAttempts, signal, () =>
      within(timeout, signal, expired, async (either) => {
        const signed = await sign(engine, { url, headers, body }, credentials, region, new Date())
        return answerOf(await send({ url, headers: signed, body }, either), url)
      }),
    )
  } finally {
    body.fill(0)
  }
}

/** What the service answered; throws what it refused with. */
function answerOf({ status, requestId, body }: WireAnswer, url: URL): object {
  const answer = fromWire(body)
  body.fill(0)
  if (status !== 200) throw serviceError(status, requestId, answer ?? {})
  if (answer === null) throw new KmsConnectionError(`the answer of ${url.host} is cut off, or is none of AWS KMS`)
  return answer
}
