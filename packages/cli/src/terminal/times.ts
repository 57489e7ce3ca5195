const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** A length of time for people, in the largest unit that it fills: `3 hours`. */
export function durationText(milliseconds: number): string {
  const [name, length] = UNITS.find(([, unit]) => milliseconds >= unit) ?? ['second', 1000]
  const count = Math.max(0, Math.floor(milliseconds / length))
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** A moment to the second, in UTC: `2026-01-31 20:15:00 UTC`. */
export const timeText = (time: Date): string => `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`
