import type { Materials } from './entries.ts'
import { unref } from './timer.ts'
import { type Usage, unused } from './usage.ts'

/** One call to a keyring, and those who wait for its answer. They charge its usage when they join. */
export interface Flight<M extends Materials> {
  readonly usage: Usage
  /**
   * A copy of the answer. Whoever made the call waits as long as it takes; the others wait no longer than the call's
   * patience and then get `null`, upon which they ask again. An aborted caller leaves with its signal's reason and does
   * not disturb the others; the call itself is aborted once nobody waits for it any more.
   */
  wait(signal: AbortSignal | undefined, caller: 'leads' | 'joins'): Promise<M | null>
  /** Aborts the call, unless somebody waits for it. */
  abandon(reason?: unknown): void
}

export interface FlightPlan<M extends Materials> {
  readonly call: (signal: AbortSignal) => Promise<M>
  readonly copy: (answer: M) => M
  /** Milliseconds. */
  readonly patience: number
  /** The call takes longer than that: nobody is to join it any more. */
  readonly overdue: () => void
  /** It ended, and everybody has a copy. The answer is `null` where the call failed or was abandoned. */
  readonly landed: (answer: M | null) => void
}

interface Passenger<M> {
  readonly leads: boolean
  readonly settle: (copy: M | null) => void
  readonly fail: (error: unknown) => void
}

/** Makes the call. */
export function takeOff<M extends Materials>(plan: FlightPlan<M>): Flight<M> {
  const controller = new AbortController()
  const passengers = new Set<Passenger<M>>()
  let over = false
  const end = (answer: M | null): void => {
    over = true
    clearTimeout(timer)
    passengers.clear()
    plan.landed(answer)
  }
  const abandon = (reason?: unknown): void => {
    if (over || passengers.size > 0) return
    end(null)
    controller.abort(reason)
  }
  const timer = setTimeout(() => {
    plan.overdue()
    for (const passenger of passengers) {
      if (passenger.leads) continue
      passengers.delete(passenger)
      passenger.settle(null)
    }
    abandon(new Error('the keyring took too long, and nobody waits for it any more'))
  }, plan.patience)
  unref(timer)
  const made = async (): Promise<M> => plan.call(controller.signal)
  const land = (answer: M): void => {
    if (over) return void answer.dataKey.fill(0)
    // All copies are made before anybody is told, and before anything can happen to what is copied.
    const copies = Array.from(passengers, (passenger) => ({ passenger, copy: plan.copy(answer) }))
    for (const { passenger, copy } of copies) passenger.settle(copy)
    end(answer)
  }
  const fail = (error: unknown): void => {
    if (over) return
    for (const passenger of passengers) passenger.fail(error)
    end(null)
  }
  made().then(land).catch(fail)
  return {
    usage: unused(),
    abandon,
    wait: (signal, caller) =>
      new Promise((resolve, reject) => {
        const leave = (): void => {
          passengers.delete(passenger)
          reject(signal?.reason)
          abandon(signal?.reason)
        }
        const done = (): void => signal?.removeEventListener('abort', leave)
        const passenger: Passenger<M> = {
          leads: caller === 'leads',
          settle: (copy) => {
            done()
            resolve(copy)
          },
          fail: (error) => {
            done()
            reject(error)
          },
        }
        passengers.add(passenger)
        if (signal?.aborted === true) leave()
        else signal?.addEventListener('abort', leave, { once: true })
      }),
  }
}
