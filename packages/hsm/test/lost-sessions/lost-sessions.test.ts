import { expect, it } from 'vitest'
import { loseSessions } from './run.ts'

it('wraps and unwraps 10,000 data keys over 8 sessions that are closed underneath at random: none is lost, nothing crashes', async () => {
  const { kept, lost, closedOne, closedAll } = await loseSessions(10_000, 1)
  expect({ kept, lost }).toEqual({ kept: 10_000, lost: [] })
  expect(closedOne).toBeGreaterThan(500)
  expect(closedAll).toBeGreaterThan(20)
}, 120_000)
