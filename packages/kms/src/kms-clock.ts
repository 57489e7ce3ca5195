import { DAY } from './clock.ts'
import type { Service } from './service.ts'

/** The members add up. */
export interface Duration {
  readonly days?: number
  readonly hours?: number
  readonly minutes?: number
  readonly seconds?: number
}

/** The time of a KMS, to be moved in tests. It runs on by itself from wherever it was moved to. */
export interface KmsClock {
  now(): Date
  /** Moves forward, and does everything that falls due on the way: deletions, expiries, rotations. */
  advance(by: Duration): Promise<void>
  /** Moves to a time. What was done stays done where that is in the past. */
  set(time: Date): Promise<void>
}

const HOUR = DAY / 24
const MINUTE = HOUR / 60

export function kmsClock({ kms, travelTo }: Pick<Service, 'kms' | 'travelTo'>): KmsClock {
  return {
    now: () => new Date(kms.clock.now()),
    async advance({ days = 0, hours = 0, minutes = 0, seconds = 0 }) {
      const by = days * DAY + hours * HOUR + minutes * MINUTE + seconds * 1000
      if (!(by >= 0)) throw new RangeError('the clock advances by a duration of zero or more')
      await travelTo(kms.clock.now() + by)
    },
    set: (time) => travelTo(time.getTime()),
  }
}
