/** The KMS's time, in milliseconds since 1970. It runs at the pace of the system clock, ahead or behind by an offset. */
export interface Clock {
  now(): number
}

export interface SettableClock extends Clock {
  /** Moves the time without doing what falls due on the way. */
  moveTo(time: number): void
}

export const DAY = 86_400_000

/** The last millisecond that ISO 8601 writes with a year of four digits. */
const END = Date.UTC(10_000, 0) - 1

/** Throws a RangeError unless `time` is one that a clock may be set to. */
export function checkTime(time: number): void {
  if (!(time >= 0 && time <= END)) throw new RangeError('the clock goes from the year 1970 to the year 9999')
}

export function createClock(systemTime: () => number = Date.now): SettableClock {
  let offset = 0
  return {
    now: () => systemTime() + offset,
    moveTo(time) {
      checkTime(time)
      offset = time - systemTime()
    },
  }
}

/** As the wire carries times: seconds, with the milliseconds as a fraction. */
export function toSeconds(time: number): number {
  return time / 1000
}
