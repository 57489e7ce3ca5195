import { expect, it } from 'vitest'
import { loseSessions } from '../test/lost-sessions/run.ts'

it.each([1, 2, 3, 4])(
  'keeps 10,000 data keys over sessions that are closed underneath at random (seed %i)',
  async (seed) => {
    const { kept, lost, closedOne, closedAll } = await loseSessions(10_000, seed)
    expect({ kept, lost }).toEqual({ kept: 10_000, lost: [] })
    expect(closedOne).toBeGreaterThan(500)
    expect(closedAll).toBeGreaterThan(20)
  },
)
