import { BongtuError } from '@bongtu/message-format'

interface AwsFailure {
  readonly $metadata?: { readonly requestId?: unknown }
}

/** What went wrong in a call, with AWS's name for it and the request id that AWS support asks for. */
export function describeFailure(cause: unknown): string {
  if (!(cause instanceof Error)) return 'the call failed'
  const name = cause.name === 'Error' ? '' : `${cause.name}: `
  const requestId = (cause as AwsFailure).$metadata?.requestId
  const id = typeof requestId === 'string' ? ` (request ${requestId})` : ''
  return `${name}${cause.message}${id}`
}

/** A call that should have wrapped a data key, as ERR_KEYRING. */
export function wrapFailed(keyring: string, cause: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason
  if (BongtuError.is(cause)) return cause
  return new BongtuError('ERR_KEYRING', `${keyring} did not wrap the data key: ${describeFailure(cause)}`, { cause })
}
