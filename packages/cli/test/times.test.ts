import { describe, expect, it } from 'vitest'
import { durationText, timeText } from '../src/terminal/times.ts'

describe('a length of time', () => {
  it.each([
    [-5, '0 seconds'],
    [999, '0 seconds'],
    [1000, '1 second'],
    [59_999, '59 seconds'],
    [60_000, '1 minute'],
    [7_199_999, '1 hour'],
    [7_200_000, '2 hours'],
    [86_400_000 * 40, '40 days'],
  ])('of %i milliseconds is %s', (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text)
  })
})

it('a moment is shown to the second, in UTC', () => {
  expect(timeText(new Date('2026-01-31T20:15:00.999+09:00'))).toBe('2026-01-31 11:15:00 UTC')
})
