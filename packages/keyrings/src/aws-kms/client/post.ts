import { KmsConnectionError } from './errors.ts'
import type { SignedRequest } from './sign.ts'

/** What came back, whatever it says. */
export interface WireAnswer {
  readonly status: number
  readonly requestId: string | null
  readonly body: Uint8Array
}

/** Sends one request. Rejects with a KmsConnectionError where no whole answer comes. */
export type Send = (request: SignedRequest, signal: AbortSignal) => Promise<WireAnswer>

/** Bytes: the longest answer of the calls made here has some 10 KiB. */
const MAX_ANSWER_LENGTH = 65_536

/** Sends over a `fetch`, which keeps connections alive. */
export const overFetch =
  (fetch: (request: Request) => Promise<Response>): Send =>
  async ({ url, headers, body }, signal) => {
    // A redirect would carry the signed request to another host. (`error` is not known to every worker.)
    const request = new Request(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
    try {
      const response = await fetch(request)
      const { status } = response
      return { status, requestId: response.headers.get('x-amzn-requestid'), body: await boundedBody(response) }
    } catch (cause) {
      throw new KmsConnectionError(`no answer from ${url.host}: ${reasonOf(cause)}`, { cause })
    }
  }

async function boundedBody(response: Response): Promise<Uint8Array> {
  const whole = new Uint8Array(MAX_ANSWER_LENGTH)
  let length = 0
  const reader = response.body?.getReader()
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    if (length + part.value.length > whole.length) {
      // Not waited for: a stream may take its time to be cancelled.
      reader?.cancel().catch(() => {})
      throw new RangeError(`it is longer than ${whole.length} bytes, so it is none of AWS KMS`)
    }
    whole.set(part.value, length)
    length += part.value.length
  }
  return whole.subarray(0, length)
}

/** `fetch failed` alone says nothing: what did stands in its cause, by the system's code or in words. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'for no stated reason'
  const inner: unknown = cause.cause
  if (!(inner instanceof Error)) return cause.message
  return `${cause.message} (${'code' in inner ? String(inner.code) : inner.message})`
}
