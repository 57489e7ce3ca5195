import process from 'node:process'
import { Interrupted } from './failure.ts'

/** What native code, in which no signal is handled, does to the process. */
export interface NativeCalls {
  /** Does a call that stops all JavaScript while it lasts: a signal then ends the process, as if nothing caught it. */
  uncaught<T>(call: () => T): T
  /** Tells how many calls are on threads of their own. The process cannot exit while there are any. */
  count(underWay: () => number): void
}

export interface Signals {
  /** Aborts when a signal asks the command to end, with an `Interrupted`, and by `interrupt`. */
  readonly signal: AbortSignal
  readonly native: NativeCalls
  interrupt(reason: unknown): void
  /** Ends the process by the signal that was caught, where it could not end by itself. */
  end(): void
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const
type Name = keyof typeof SIGNALS

/** The first signal lets every open file be cleaned up, the second one ends at once; `exit` listeners still run. */
export function catchSignals(): Signals {
  const interruption = new AbortController()
  let caught: Name | null = null
  let underWay = (): number => 0

  const listen = (name: Name): void => void process.on(name, receive)
  const silence = (name: Name): void => void process.removeListener(name, receive)
  const names = Object.keys(SIGNALS) as Name[]
  const dieOf = (name: Name): void => {
    names.forEach(silence)
    process.kill(process.pid, name)
  }
  const receive = (name: Name): void => {
    if (caught === null) {
      caught = name
      interruption.abort(new Interrupted(128 + SIGNALS[name]))
      return
    }
    // `process.exit` would wait for threads, which may be in a module, or at a pipe that no program writes to, for ever.
    process.emit('exit', 128 + SIGNALS[name])
    dieOf(name)
  }
  names.forEach(listen)
  return {
    signal: interruption.signal,
    native: {
      uncaught(call) {
        names.forEach(silence)
        try {
          return call()
        } finally {
          names.forEach(listen)
        }
      },
      count(calls) {
        underWay = calls
      },
    },
    interrupt: (reason) => interruption.abort(reason),
    end() {
      if (caught !== null && underWay() > 0) dieOf(caught)
    },
  }
}
