import { serviceError } from './errors.ts'
import type { SignedRequest } from './sign.ts'

export interface Post extends SignedRequest {
  /** Milliseconds. */
  readonly timeout: number
  readonly signal: AbortSignal | undefined
  readonly fetch: (request: Request) => Promise<Response>
}

/** The longest answer of the calls made here is some 10 KiB. */
const MAX_ANSWER_LENGTH = 65_536

/** Sends one request. Rejects with what AWS answers where that is an error, and with a TimeoutError past the timeout. */
export async function post({ url, headers, body, timeout, signal, fetch }: Post): Promise<Record<string, unknown>> {
  const limit = AbortSignal.timeout(timeout)
  const either = signal === undefined ? limit : AbortSignal.any([signal, limit])
  // A redirect would carry the signed request to another host.
  const request = new Request(url, { method: 'POST', headers, body, signal: either, redirect: 'error' })
  const response = await fetch(request)
  const answer = parsed(await boundedText(response))
  if (response.ok && answer !== null) return answer
  throw serviceError(response.status, response.headers.get('x-amzn-requestid'), answer)
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  const reader = response.body?.getReader()
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    length += part.value.length
    if (length > MAX_ANSWER_LENGTH) {
      await reader?.cancel()
      throw new Error(`the answer is longer than ${MAX_ANSWER_LENGTH} bytes: this is no AWS KMS`)
    }
    text += decoder.decode(part.value, { stream: true })
  }
  return text + decoder.decode()
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
