const FIRST = 1000
const MOST = 60_000

/** Spaces out what is tried again and again: at once, then after 1, 2, 4 … and at most 60 seconds. */
export interface Backoff {
  /** Whether it may be tried now. Where it may, the next time is put off. */
  isDue(): boolean
  /** It worked: the next failure is tried again at once. */
  reset(): void
}

/** `now` is a clock in milliseconds that never goes back. */
export function createBackoff(now: () => number): Backoff {
  let wait = FIRST
  let notBefore = Number.NEGATIVE_INFINITY
  return {
    isDue() {
      if (now() < notBefore) return false
      notBefore = now() + wait
      wait = Math.min(2 * wait, MOST)
      return true
    },
    reset() {
      wait = FIRST
      notBefore = Number.NEGATIVE_INFINITY
    },
  }
}
