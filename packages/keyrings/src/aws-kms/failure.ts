import { BongtuError } from '@bongtu/message-format'

interface AwsFailure {
  readonly $metadata?: { readonly requestId?: unknown }
}

/** Characters of an answer's text that are passed on. */
const MAX_TEXT = 1000

/** What went wrong in a call, with AWS's name for it and the request id that AWS support asks for. */
export function describeFailure(cause: unknown): string {
  if (!(cause instanceof Error)) return 'the call failed'
  const name = cause.name === 'Error' || BongtuError.is(cause) ? '' : `${shown(cause.name)}: `
  const requestId = (cause as AwsFailure).$metadata?.requestId
  const id = typeof requestId === 'string' ? ` (request ${shown(requestId)})` : ''
  return `${name}${shown(cause.message)}${id}`
}

/**
 * Cut short, and without what a terminal obeys, what turns the order of characters, and what ends a line of a log: it may
 * come from a message or from whoever answers.
 */
export const shown = (text: string): string => text.slice(0, MAX_TEXT).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')

/** A call that should have wrapped a data key, as ERR_KEYRING; the reason of the signal where that ended it. */
export function wrapFailed(keyring: string, cause: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason
  if (BongtuError.is(cause)) return cause
  return new BongtuError('ERR_KEYRING', `${keyring} did not wrap the data key: ${describeFailure(cause)}`, { cause })
}
