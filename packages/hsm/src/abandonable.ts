/**
 * The answer of a call that cannot be stopped, or at once the signal's reason where it aborts before. Then `discard` gets
 * the answer that nobody waits for any more.
 */
export async function abandonable<T>(
  signal: AbortSignal | undefined,
  call: Promise<T>,
  discard: (answer: T) => void = () => {},
): Promise<T> {
  if (signal === undefined) return call
  return new Promise((resolve, reject) => {
    const abandon = (): void => {
      call.then(discard, () => {})
      reject(signal.reason)
    }
    if (signal.aborted) return abandon()
    signal.addEventListener('abort', abandon, { once: true })
    call.then(resolve, reject).finally(() => signal.removeEventListener('abort', abandon))
  })
}
