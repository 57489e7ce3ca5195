import { keys } from '../keys/key-record.ts'
import type { Kms } from '../kms.ts'
import { runDue } from './run-due.ts'

/** Milliseconds: other processes on the same store may bring the next date forward at any time. */
const LONGEST_WAIT = 60_000
/** What is due is done when its key is used, whatever the scheduler does: it need not hurry. */
const SHORTEST_WAIT = 1000

export interface Scheduler {
  /** Does what is due now; waits for work under way. */
  run(): Promise<void>
  /** No work starts any more, and none is under way. */
  stop(): Promise<void>
}

export interface SchedulerOptions {
  readonly kms: Kms
  readonly failed: (error: unknown) => void
}

/** Does due work in time, without keeping the process alive for it. */
export function startScheduler({ kms, failed }: SchedulerOptions): Scheduler {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let work: Promise<void> = Promise.resolve()

  async function once(): Promise<void> {
    await runDue(kms, failed)
    await kms.domain.rotateIfDue()
    await kms.domain.rewrap()
  }
  function run(): Promise<void> {
    work = work.then(() => (stopped ? undefined : once())).catch(failed)
    return work
  }
  async function untilNext(): Promise<number> {
    const next = Math.min((await kms.store.nextDue(keys)) ?? Infinity, await kms.domain.nextRotation())
    return Math.min(Math.max(next - kms.clock.now(), SHORTEST_WAIT), LONGEST_WAIT)
  }
  function plan(wait: number): void {
    if (stopped) return
    timer = setTimeout(() => {
      void run()
        .then(untilNext)
        .catch(() => LONGEST_WAIT)
        .then(plan)
    }, wait)
    timer.unref()
  }

  plan(0)
  return {
    run,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await work
    },
  }
}
