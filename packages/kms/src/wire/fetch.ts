import { record } from '@bongtu/crypto/options'
import type { Entry } from './entry.ts'
import { refuse } from './refusal.ts'

/** Bytes of a request body: more than any request of the API can have. */
export const MAX_BODY_LENGTH = 1_048_576

/** The KMS as a fetch handler. The host that was signed is the one of the URL. */
export async function handleFetch(entry: Entry, request: Request): Promise<Response> {
  const { pathname, search, host } = new URL(request.url)
  const headers: Record<string, string> = record({ host })
  for (const [name, value] of request.headers) headers[name] = value
  const body = await readBody(request.body)
  const response =
    body === undefined
      ? refuse(413, 'the request body is longer than 1 MiB')
      : await entry({ method: request.method, url: `${pathname}${search}`, headers, body })
  return new Response(new Uint8Array(response.body), { status: response.status, headers: response.headers })
}

/** `undefined` where there is more of it than the API can need. */
async function readBody(stream: ReadableStream<Uint8Array> | null): Promise<Uint8Array | undefined> {
  if (stream === null) return new Uint8Array(0)
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = stream.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length
    if (length > MAX_BODY_LENGTH) {
      await reader.cancel()
      return undefined
    }
    chunks.push(next.value)
  }
  return Buffer.concat(chunks)
}
