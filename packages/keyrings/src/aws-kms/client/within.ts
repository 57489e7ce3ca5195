import { abortable } from '../abortable.ts'

/**
 * Does the work under a signal that aborts after so many milliseconds, and with the caller's. Rejects as soon as it
 * aborts, with what `expired` makes or with the reason of the caller's signal.
 */
export async function within<T>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  expired: () => Error,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(expired()), milliseconds)
  const either = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal])
  try {
    return await abortable(work(either), either)
  } finally {
    clearTimeout(timer)
  }
}
