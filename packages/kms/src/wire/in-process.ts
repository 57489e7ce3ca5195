import type { Entry } from './entry.ts'

/** The members of an AWS SDK request that reach the wire. */
export interface SdkRequest {
  readonly method: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface SdkResponse {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: Uint8Array
}

/** A request handler for clients of the AWS SDK for JavaScript v3: the bytes of the wire without a socket. */
export interface InProcessTransport {
  handle(
    request: SdkRequest,
    options?: { readonly abortSignal?: { readonly aborted: boolean } },
  ): Promise<{ response: SdkResponse }>
  destroy(): void
  updateHttpClientConfig(): void
  httpHandlerConfigs(): Record<string, never>
}

export function createInProcessTransport(entry: Entry): InProcessTransport {
  return {
    async handle(request, options) {
      if (options?.abortSignal?.aborted === true) throw new DOMException('Request aborted', 'AbortError')
      const headers = headersOf(request.headers)
      headers.host ??= request.port === undefined ? request.hostname : `${request.hostname}:${request.port}`
      const url = `${request.path}${queryOf(request.query)}`
      const response = await entry({ method: request.method, url, headers, body: bytesOf(request.body) })
      return { response: { statusCode: response.status, headers: headersOf(response.headers), body: response.body } }
    },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  }
}

/** By lower-case name. Values of one name in different spellings are joined, as those of repeated headers are. */
function headersOf(given: SdkRequest['headers']): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(given)) {
    const lower = name.toLowerCase()
    headers[lower] = headers[lower] === undefined ? value : `${headers[lower]}, ${value}`
  }
  return headers
}

function queryOf(query: SdkRequest['query']): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map(
      (one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`,
    ),
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

function bytesOf(body: unknown): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array(0)
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return body
  throw new TypeError('the in-process transport takes bodies of text or bytes; a KMS request never streams')
}
