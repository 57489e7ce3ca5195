/** How many bytes may be worked on before timers and aborts get their turn. */
export const PACE_BYTES = 2 ** 20

/** Gives the event loop one turn. */
export const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    // setImmediate is Node's and costs microseconds; elsewhere a message comes sooner than a clamped timer.
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else if (typeof MessageChannel === 'function') viaMessage(resolve)
    else setTimeout(resolve, 0)
  })

function viaMessage(resolve: () => void): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    resolve()
  }
  port2.postMessage(null)
}

/** Counts bytes, and tells when the event loop is due: the synchronous engine must not starve it. */
export class Pace {
  #bytes = 0

  /** A promise to wait for after every MiB, otherwise nothing. */
  after(bytes: number): Promise<void> | undefined {
    this.#bytes += bytes
    if (this.#bytes < PACE_BYTES) return undefined
    this.#bytes = 0
    return nextTask()
  }
}
