/** The KMS's time, in milliseconds since 1970. It runs at the pace of the system clock, ahead or behind by an offset. */
export interface Clock {
  now(): number
}

export interface SettableClock extends Clock {
  /** Moves the time without doing what falls due on the way. */
  moveTo(time: number): void
}

export const DAY = 86_400_000

export function createClock(systemTime: () => number = Date.now): SettableClock {
  let offset = 0
  return {
    now: () => systemTime() + offset,
    moveTo(time) {
      if (!Number.isFinite(time)) throw new RangeError('the clock moves to a time in milliseconds since 1970')
      offset = time - systemTime()
    },
  }
}

/** As the wire carries times: seconds, with the milliseconds as a fraction. */
export function toSeconds(time: number): number {
  return time / 1000
}
