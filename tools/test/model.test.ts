import { describe, expect, it } from 'vitest'
import { domainModel, LOST, type Rules, WEDGED } from '../model/domain.ts'
import { search } from '../model/search.ts'

const FORMER: Rules = { commit: 'free', drop: 'oldest', rewrap: 'in the rotation' }
const RIGHT: Rules = { commit: 'key active', drop: 'unused', rewrap: 'afterwards' }

describe('the model of the rotation of the domain key', () => {
  it('finds that the former rules lose an acknowledged token and wedge rotation', () => {
    const { violations } = search(domainModel(FORMER))
    expect([...violations.keys()].sort()).toEqual([LOST, WEDGED])
    expect(violations.get(LOST)).toEqual(expect.arrayContaining(['the creator commits']))
  })

  it('finds no violation of the rules that the KMS follows, in all states', () => {
    const { states, violations } = search(domainModel(RIGHT))
    expect([...violations]).toEqual([])
    expect(states).toBe(11_186)
  })

  it.each<[string, Partial<Rules>]>([
    ['a commit depends on nothing', { commit: 'free' }],
    ['a commit depends on a ring that holds its domain key, active or not', { commit: 'key in the ring' }],
    ['the oldest domain key leaves, whatever is under it', { drop: 'oldest' }],
  ])('loses an acknowledged token if %s', (_what, change) => {
    expect([...search(domainModel({ ...RIGHT, ...change })).violations.keys()]).toEqual([LOST])
  })
})
