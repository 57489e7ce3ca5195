/** A refusal by AWS KMS, named as AWS names it, with what AWS support asks for. */
export class KmsServiceError extends Error {
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId?: string }
  /** Whether the same call may succeed later: throttling and faults of the service. Never a denial. */
  readonly retryable: boolean

  constructor(name: string, message: string, status: number, requestId: string | null) {
    super(message)
    this.name = name
    this.$metadata = { httpStatusCode: status, ...(requestId === null ? {} : { requestId }) }
    this.retryable = status >= 500 || status === 429 || RETRYABLE.has(name)
  }
}

/** Answers with status 400 that pass. */
const RETRYABLE: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'ThrottledException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'SlowDown',
  'RequestTimeout',
  'RequestTimeoutException',
])

/** No answer came, or none that is whole. */
export class KmsConnectionError extends Error {
  override readonly name = 'KmsConnectionError'
}

/** Characters of AWS's name and of its message that are kept. */
const MAX_TEXT = 1000

/** `__type` may carry a namespace before a hash sign; the message member is written with either case. */
export function serviceError(
  status: number,
  requestId: string | null,
  body: Readonly<Record<string, unknown>>,
): KmsServiceError {
  const { __type, message, Message } = body
  const type = typeof __type === 'string' ? __type.replace(/^.*#/s, '').replace(/:.*$/s, '').slice(0, MAX_TEXT) : ''
  const text = [message, Message].find((each) => typeof each === 'string')
  const known = typeof text === 'string' && text !== '' ? text.slice(0, MAX_TEXT) : 'without a message'
  return new KmsServiceError(type === '' ? `HttpStatus${status}` : type, known, status, requestId)
}
