import { KmsConnectionError, KmsServiceError } from './errors.ts'

/** Milliseconds. */
const BASE_DELAY = 50
const MAX_DELAY = 2_000

/** Full jitter: between nothing and a bound that doubles each time. */
const delay = (tries: number): number => Math.random() * Math.min(MAX_DELAY, BASE_DELAY * 2 ** tries)

/** Throttling, faults of the service and connections that broke are tried again; a denial is an answer. */
const passes = (error: unknown): boolean =>
  error instanceof KmsConnectionError || (error instanceof KmsServiceError && error.retryable)

/** Tries up to `maxAttempts` times until the signal aborts. Rejects with the last failure, or the signal's reason. */
export async function retried<T>(maxAttempts: number, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      signal.throwIfAborted()
      if (tries >= maxAttempts || !passes(error)) throw error
      await pause(delay(tries), signal)
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', abort, { once: true })
  })
}
