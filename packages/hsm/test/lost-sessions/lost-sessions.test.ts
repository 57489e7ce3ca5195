import { expect, it } from 'vitest'
import { loseSessions } from './run.ts'

it('wraps and unwraps 1,000 data keys over 8 sessions that are closed underneath at random: none is lost, nothing crashes', async () => {
  const { kept, lost, closedOne, closedAll } = await loseSessions(1000, 1)
  expect({ kept, lost }).toEqual({ kept: 1000, lost: [] })
  expect(closedOne).toBeGreaterThan(50)
  expect(closedAll).toBeGreaterThan(2)
}, 120_000)
