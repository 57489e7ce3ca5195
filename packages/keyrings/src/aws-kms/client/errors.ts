/** A refusal by AWS KMS, named as AWS names it, with what AWS support asks for. */
export class KmsServiceError extends Error {
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId?: string }
  readonly retryable: boolean

  constructor(name: string, message: string, status: number, requestId: string | null) {
    super(message)
    this.name = name
    this.$metadata = { httpStatusCode: status, ...(requestId === null ? {} : { requestId }) }
    this.retryable = status >= 500 || status === 429 || THROTTLING.has(name)
  }
}

const THROTTLING = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'KMSInternalException',
  'DependencyTimeoutException',
  'KeyUnavailableException',
])

/** `__type` may carry a namespace before a hash sign; the message member is written with either case. */
export function serviceError(status: number, requestId: string | null, body: unknown): KmsServiceError {
  const { __type, message, Message } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >
  const name = typeof __type === 'string' ? __type.replace(/^.*#/, '').replace(/:.*$/, '') : `HTTP status ${status}`
  const text = [message, Message].find((each) => typeof each === 'string' && each !== '')
  return new KmsServiceError(name, typeof text === 'string' ? text.slice(0, 1000) : 'no message', status, requestId)
}
