import type { OperationName } from './model/inputs.ts'
import { KmsError, type KmsErrorCode } from './wire/errors.ts'

/** What goes wrong, on purpose. */
export interface Fault {
  /** The operation, or `*` for every one. */
  readonly operation: OperationName | '*'
  /**
   * `throttle`: ThrottlingException. `error`: KMSInternalException with status 500, or `code`. `latency`: the answer comes
   * `milliseconds` later. `timeout`: no answer comes until the fault is cleared.
   */
  readonly kind: 'throttle' | 'error' | 'latency' | 'timeout'
  /** With `error`. */
  readonly code?: KmsErrorCode
  /** With `latency`. */
  readonly milliseconds?: number
  /** How many requests it meets; all of them without. */
  readonly times?: number
}

/** Faults for tests of clients. The newest that fits a request meets it. */
export interface Faults {
  add(fault: Fault): void
  list(): readonly Fault[]
  /** Takes all faults back, and lets the requests go on that wait for an answer. */
  clear(): void
  /** Asked before each operation; `undefined` as long as nothing is wrong. */
  readonly interfere: (operation: OperationName) => Promise<void>
}

export function createFaults(): Faults {
  let active: { readonly fault: Fault; left: number }[] = []
  let release = new AbortController()

  async function strike({ kind, code, milliseconds }: Fault): Promise<void> {
    if (kind === 'throttle') throw new KmsError('ThrottlingException', 'Rate exceeded')
    if (kind === 'error') throw new KmsError(code ?? 'KMSInternalException')
    await delay(kind === 'timeout' ? Infinity : (milliseconds ?? 0), release.signal)
  }

  return {
    add(fault) {
      active.unshift({ fault, left: fault.times ?? Infinity })
    },
    list: () => active.map(({ fault }) => fault),
    clear() {
      active = []
      release.abort()
      release = new AbortController()
    },
    async interfere(operation) {
      const found = active.find(({ fault }) => fault.operation === '*' || fault.operation === operation)
      if (found === undefined) return
      found.left--
      if (found.left <= 0) active = active.filter((one) => one !== found)
      await strike(found.fault)
    },
  }
}

/** Ends early when the signal aborts. */
function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = Number.isFinite(milliseconds) ? setTimeout(done, milliseconds) : undefined
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}
