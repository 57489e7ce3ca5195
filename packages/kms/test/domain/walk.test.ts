import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openDomain } from '../../src/domain/domain.ts'
import { DOMAIN_KEY, materials } from '../../src/store/material.ts'
import type { Store } from '../../src/store/store.ts'
import { KEY_A, NOON } from '../hsm/support.ts'
import { storedKey, testDomain } from './support.ts'

const now = () => NOON

/** A domain with so many keys, all under its first domain key. */
async function manyKeys(count: number) {
  const bed = await testDomain()
  for (let i = 0; i < count; i++) await storedKey(bed, { ...KEY_A, keyId: `key-${String(i).padStart(4, '0')}` })
  return bed
}

/** The store, with a look at each commit that moves tokens; `before` may throw, and then nothing is written. */
function watched(store: Store, before: (moved: number) => void): Store {
  return {
    ...store,
    async commit(writes) {
      const moved = writes.filter((write) => write.op === 'replace' && write.row.kind === materials.name).length
      if (moved > 0) before(moved)
      return store.commit(writes)
    },
  }
}

const countUnder = async (store: Store, domainKey: string | undefined): Promise<number> =>
  (await store.idsBy(materials, DOMAIN_KEY, domainKey ?? '', { limit: 10_000 })).length

describe('the walk that moves tokens under a new domain key', () => {
  it('lets other calls through between any two of its commits', async () => {
    const { store, rootKey } = await manyKeys(900)
    let served = 0
    let walking = true
    const servedAt: number[] = []
    const domain = await openDomain({ store: watched(store, () => servedAt.push(served)), rootKey, now })
    const reader = (async () => {
      for (; walking; await setImmediate()) {
        await store.list(materials, '', { limit: 1 })
        served++
      }
    })()
    await domain.rotate()
    walking = false
    await reader
    expect(servedAt).toHaveLength(5)
    expect(new Set(servedAt).size).toBe(5)
  })

  it('goes on in any process where another one stopped, and moves no token twice', async () => {
    const { store, rootKey, domain } = await manyKeys(500)
    const former = (await domain.status()).domainKeys[0]?.id
    let commits = 0
    const dying = watched(store, () => {
      if (++commits === 2) throw new Error('killed')
    })
    await expect((await openDomain({ store: dying, rootKey, now })).rotate()).rejects.toThrow('killed')
    const active = (await domain.status()).domainKeys[0]?.id
    expect([await countUnder(store, active), await countUnder(store, former)]).toEqual([200, 300])

    const moved: number[] = []
    const other = await openDomain({ store: watched(store, (count) => moved.push(count)), rootKey, now })
    expect(await other.rewrap()).toEqual([])
    expect(moved).toEqual([200, 100])
    expect(await store.values(materials, DOMAIN_KEY)).toEqual([active])
  })

  it('moves every token once where several processes walk at the same time', async () => {
    const { store, rootKey, domain } = await manyKeys(450)
    await domain.rotate()
    const others = await Promise.all([1, 2, 3].map(() => openDomain({ store, rootKey, now })))
    await Promise.all([domain.rotate(), ...others.map((one) => one.rewrap())])
    await Promise.all(others.map((one) => one.rewrap()))
    expect(await store.values(materials, DOMAIN_KEY)).toEqual([(await domain.status()).domainKeys[0]?.id])
    expect([domain, ...others].map((one) => one.quarantine())).toEqual([[], [], [], []])
  })
})
