import { KmsServiceError } from './errors.ts'

const BASE_DELAY = 50
const MAX_DELAY = 2_000

/** Full jitter: between nothing and twice as long as the time before. */
const delay = (attempt: number): number => Math.random() * Math.min(MAX_DELAY, BASE_DELAY * 2 ** attempt)

/** Throttling, faults of the service and connections that broke are tried again; a denial is an answer. */
const worthRetrying = (error: unknown): boolean => !(error instanceof KmsServiceError) || error.retryable

/** Tries up to `maxAttempts` times until the signal aborts. Rejects with the last failure, or the signal's reason. */
export async function retried<T>(
  maxAttempts: number,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    signal?.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      signal?.throwIfAborted()
      if (tries >= maxAttempts || !worthRetrying(error)) throw error
      await pause(delay(tries), signal)
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', abort, { once: true })
  })
}
