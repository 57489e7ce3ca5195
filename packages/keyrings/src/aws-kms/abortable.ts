/**
 * Answers as `call` does, or rejects with the signal's reason as soon as that aborts, whether or not the call heeds
 * signals itself. An answer that comes too late goes to `late`.
 */
export function abortable<T>(
  call: Promise<T>,
  signal: AbortSignal | undefined,
  late: (answer: T) => void = () => {},
): Promise<T> {
  if (signal === undefined) return call
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      call.then(late, () => {})
      reject(signal.reason)
    }
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    call.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
