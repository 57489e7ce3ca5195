/** One call that several callers wait for. */
interface Flight<T> {
  readonly result: Promise<T>
  readonly controller: AbortController
  waiting: number
}

/** Runs at most one call for each id at a time. */
export interface Flights<T> {
  /** Starts a call that others may join. There must be none under way for this id. */
  start(id: string, signal: AbortSignal | undefined, call: (signal: AbortSignal) => Promise<T>): Promise<T>
  /**
   * Waits for the call under way, or answers `null` where there is none. An aborted caller leaves with its signal's
   * reason and does not disturb the others; the call itself is aborted when nobody waits for it any more.
   */
  join(id: string, signal: AbortSignal | undefined): Promise<T> | null
  underWay(id: string): boolean
}

export function flights<T>(): Flights<T> {
  const flying = new Map<string, Flight<T>>()

  const land = (id: string, flight: Flight<T>): void => {
    if (flying.get(id) === flight) flying.delete(id)
  }
  const board = async (id: string, flight: Flight<T>, signal: AbortSignal | undefined): Promise<T> => {
    flight.waiting++
    try {
      return await (signal === undefined ? flight.result : abortable(flight.result, signal))
    } finally {
      flight.waiting--
      if (flight.waiting === 0) {
        // Whoever comes next must not join a call that nobody waits for any more.
        land(id, flight)
        flight.controller.abort(signal?.reason)
      }
    }
  }
  return {
    underWay: (id) => flying.has(id),
    async start(id, signal, call) {
      signal?.throwIfAborted()
      const controller = new AbortController()
      const flight: Flight<T> = { controller, waiting: 0, result: call(controller.signal) }
      const over = (): void => land(id, flight)
      flight.result.then(over, over)
      flying.set(id, flight)
      return board(id, flight, signal)
    },
    join(id, signal) {
      const flight = flying.get(id)
      if (flight === undefined) return null
      return signal?.aborted === true ? Promise.reject(signal.reason) : board(id, flight, signal)
    },
  }
}

function abortable<T>(result: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    const done = (): void => signal.removeEventListener('abort', abort)
    result.then(resolve, reject).finally(done)
  })
}
