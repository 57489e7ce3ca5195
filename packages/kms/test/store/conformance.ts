import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { insert, remove, replace, unchanged } from '../../src/store/kind.ts'
import { type Kind, type Store, StoreError, type StoreErrorCode } from '../../src/store/store.ts'
import { transact } from '../../src/store/transact.ts'

interface Animal {
  readonly id: string
  readonly name?: string
  readonly species: string
  readonly legs: number
  readonly feedAt?: number
}

const animals: Kind<Animal> = {
  name: 'animal',
  id: (animal) => animal.id,
  unique: { name: (animal) => animal.name },
  indexes: { species: (animal) => animal.species },
  due: (animal) => animal.feedAt,
}
const plants: Kind<{ readonly id: string }> = { name: 'plant', id: (plant) => plant.id }

function cat(id: string, more: Partial<Animal> = {}): Animal {
  return { id, species: 'cat', legs: 4, ...more }
}

export interface StoreUnderTest {
  readonly store: Store
  /** Another store of the same kind, empty. */
  another(): Promise<Store>
  /** The same data, through another connection; absent where nothing can be shared. */
  reopened?(): Promise<Store>
}

/** What every store must do. `make` gives a fresh, empty one each time. */
export function storeConformance(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`the store ${name}`, () => {
    const opened: Store[] = []
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close()
    })
    async function fresh(): Promise<Store> {
      return (await under()).store
    }
    async function under(): Promise<StoreUnderTest> {
      const one = await make()
      opened.push(one.store)
      return one
    }

    it('gives back what was inserted, frozen, and the same object again', async () => {
      const store = await fresh()
      await store.commit([insert(animals, cat('a', { name: 'Tom' }))])
      const entry = await store.get(animals, 'a')
      expect(entry?.record).toEqual(cat('a', { name: 'Tom' }))
      expect(Object.isFrozen(entry?.record)).toBe(true)
      expect((await store.get(animals, 'a'))?.record).toBe(entry?.record)
      expect((await store.find(animals, 'name', 'Tom'))?.record).toBe(entry?.record)
      await store.commit([insert(animals, cat('b'))])
      expect((await store.get(animals, 'a'))?.record).toBe(entry?.record)
    })

    it('keeps what it was given apart from what the caller does to it later', async () => {
      const store = await fresh()
      const record = { ...cat('a') }
      await store.commit([insert(animals, record)])
      record.legs = 3
      expect((await store.get(animals, 'a'))?.record.legs).toBe(4)
    })

    it('answers undefined for what is not there, and keeps kinds apart', async () => {
      const store = await fresh()
      await store.commit([insert(plants, { id: 'a' })])
      expect(await store.get(animals, 'a')).toBeUndefined()
      expect(await store.find(animals, 'name', 'Tom')).toBeUndefined()
      expect(await store.list(animals, '', { limit: 10 })).toEqual([])
      expect(await store.nextDue(animals)).toBeUndefined()
    })

    it('refuses a second record with an id or a unique value, and says which', async () => {
      const store = await fresh()
      await store.commit([insert(animals, cat('a', { name: 'Tom' })), insert(animals, cat('b', { name: 'Kit' }))])
      expect(await refusal(store.commit([insert(animals, cat('a'))]))).toEqual(['exists', 'id'])
      expect(await refusal(store.commit([insert(animals, cat('c', { name: 'Tom' }))]))).toEqual(['exists', 'name'])
      const kit = await store.get(animals, 'b')
      const renamed = replace(animals, cat('b', { name: 'Tom' }), kit?.version ?? 0)
      expect(await refusal(store.commit([renamed]))).toEqual(['exists', 'name'])
      expect((await store.get(animals, 'b'))?.record.name).toBe('Kit')
    })

    it('replaces and removes only the version that was read', async () => {
      const store = await fresh()
      await store.commit([insert(animals, cat('a'))])
      const first = (await store.get(animals, 'a'))?.version ?? 0
      await store.commit([replace(animals, cat('a', { legs: 3 }), first)])
      const second = await store.get(animals, 'a')
      expect(second?.record.legs).toBe(3)
      expect(second?.version).toBeGreaterThan(first)
      expect(await refusal(store.commit([replace(animals, cat('a'), first)]))).toEqual(['conflict', undefined])
      expect(await refusal(store.commit([remove(animals, 'a', first)]))).toEqual(['conflict', undefined])
      expect(await refusal(store.commit([replace(animals, cat('z'), first)]))).toEqual(['conflict', undefined])
      await store.commit([remove(animals, 'a', second?.version ?? 0)])
      expect(await store.get(animals, 'a')).toBeUndefined()
    })

    it('never gives a version twice, though a record is removed and made again', async () => {
      const store = await fresh()
      await store.commit([insert(animals, cat('a'))])
      const first = (await store.get(animals, 'a'))?.version ?? 0
      await store.commit([remove(animals, 'a', first)])
      await store.commit([insert(animals, cat('a'))])
      expect(await refusal(store.commit([replace(animals, cat('a'), first)]))).toEqual(['conflict', undefined])
    })

    it('applies all writes of a commit or none', async () => {
      const store = await fresh()
      await store.commit([insert(animals, cat('a', { name: 'Tom', feedAt: 5 }))])
      const before = await store.snapshot()
      const version = (await store.get(animals, 'a'))?.version ?? 0
      const writes = [
        insert(animals, cat('b', { name: 'Kit' })),
        replace(animals, cat('a', { name: 'Max', species: 'dog' }), version),
        insert(plants, { id: 'p' }),
        insert(animals, cat('b')),
      ]
      expect(await refusal(store.commit(writes))).toEqual(['exists', 'id'])
      expect(await store.snapshot()).toEqual(before)
      expect(await store.find(animals, 'name', 'Kit')).toBeUndefined()
      expect((await store.find(animals, 'name', 'Tom'))?.id).toBe('a')
      expect(await store.listBy(animals, 'species', 'dog', { limit: 10 })).toEqual([])
      expect(await store.nextDue(animals)).toBe(5)
    })

    it('lets a later write of a commit take the unique value that an earlier one frees', async () => {
      const store = await fresh()
      await store.commit([insert(animals, cat('a', { name: 'Tom' }))])
      const version = (await store.get(animals, 'a'))?.version ?? 0
      await store.commit([remove(animals, 'a', version), insert(animals, cat('b', { name: 'Tom' }))])
      expect((await store.find(animals, 'name', 'Tom'))?.id).toBe('b')
    })

    it('commits of one turn of the event loop succeed and fail one by one', async () => {
      const store = await fresh()
      const results = await Promise.allSettled([
        store.commit([insert(animals, cat('a'))]),
        store.commit([insert(animals, cat('a'))]),
        store.commit([insert(animals, cat('b')), insert(animals, cat('b'))]),
        store.commit([insert(animals, cat('c'))]),
      ])
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
      expect((await store.list(animals, '', { limit: 10 })).map(({ id }) => id)).toEqual(['a', 'c'])
    })

    it('checks records that a commit depends on and does not write', async () => {
      const store = await fresh()
      await store.commit([insert(animals, cat('a'))])
      const version = (await store.get(animals, 'a'))?.version ?? 0
      await store.commit([unchanged(animals, 'a', version), unchanged(animals, 'b', 0), insert(plants, { id: 'p' })])
      const stale = [unchanged(animals, 'a', version + 1), insert(plants, { id: 'q' })]
      expect(await refusal(store.commit(stale))).toEqual(['conflict', undefined])
      const present = [unchanged(animals, 'a', 0), insert(plants, { id: 'q' })]
      expect(await refusal(store.commit(present))).toEqual(['conflict', undefined])
      expect(await store.get(plants, 'q')).toBeUndefined()
      expect((await store.get(animals, 'a'))?.version).toBe(version)
    })

    it('pages through a prefix in the order of ids, for any page size, past removed cursors', async () => {
      const store = await fresh()
      const ids = ['a/1', 'a/10', 'a/2', 'a/Z', 'a/a', 'a', 'a0', 'b/1', 'A/1']
      await store.commit(ids.map((id) => insert(animals, cat(id))))
      const wanted = ['a/1', 'a/10', 'a/2', 'a/Z', 'a/a']
      for (const limit of [1, 2, 3, 5, 100]) {
        expect(await pages(limit, (page) => store.list(animals, 'a/', page))).toEqual(wanted)
      }
      expect((await store.list(animals, 'a/', { after: 'a/15', limit: 1 }))[0]?.id).toBe('a/2')
      expect(await store.list(animals, 'a/', { after: 'a/zzz', limit: 9 })).toEqual([])
      expect(await store.list(animals, 'c', { limit: 9 })).toEqual([])
      expect((await store.list(animals, '', { limit: 100 })).map(({ id }) => id)).toEqual([...ids].sort())
    })

    it('pages through a plain index in the order of ids, and follows replacement and removal', async () => {
      const store = await fresh()
      await store.commit(['d', 'b', 'a', 'c'].map((id) => insert(animals, cat(id))))
      await store.commit([insert(animals, cat('e', { species: 'dog' }))])
      const listed = (limit: number) => pages(limit, (page) => store.listBy(animals, 'species', 'cat', page))
      expect(await listed(2)).toEqual(['a', 'b', 'c', 'd'])
      const version = async (id: string) => (await store.get(animals, id))?.version ?? 0
      await store.commit([replace(animals, cat('b', { species: 'dog' }), await version('b'))])
      await store.commit([remove(animals, 'c', await version('c'))])
      expect(await listed(1)).toEqual(['a', 'd'])
      expect((await store.listBy(animals, 'species', 'dog', { limit: 9 })).map(({ id }) => id)).toEqual(['b', 'e'])
    })

    it('knows what is due, the longest due first, and when the next falls due', async () => {
      const store = await fresh()
      const feed = { a: 30, b: 10, c: undefined, d: 20, e: 10 }
      await store.commit(
        Object.entries(feed).map(([id, at]) => insert(animals, at === undefined ? cat(id) : cat(id, { feedAt: at }))),
      )
      const due = async (time: number, limit = 10) => (await store.due(animals, time, limit)).map(({ id }) => id)
      expect([await due(9), await due(10), await due(29), await due(30)]).toEqual([
        [],
        ['b', 'e'],
        ['b', 'e', 'd'],
        ['b', 'e', 'd', 'a'],
      ])
      expect(await due(30, 2)).toEqual(['b', 'e'])
      expect(await store.nextDue(animals)).toBe(10)
      for (const id of ['b', 'e']) {
        await store.commit([replace(animals, cat(id), (await store.get(animals, id))?.version ?? 0)])
      }
      expect(await store.nextDue(animals)).toBe(20)
    })

    it('drops the unique value that a replacement no longer has', async () => {
      const store = await fresh()
      await store.commit([insert(animals, cat('a', { name: 'Tom' }))])
      expect((await store.find(animals, 'name', 'Tom'))?.id).toBe('a')
      await store.commit([replace(animals, cat('a'), (await store.get(animals, 'a'))?.version ?? 0)])
      expect(await store.find(animals, 'name', 'Tom')).toBeUndefined()
      await store.commit([insert(animals, cat('b', { name: 'Tom' }))])
      expect((await store.find(animals, 'name', 'Tom'))?.id).toBe('b')
    })

    it('refuses ids and index values that are not 1 to 512 printable ASCII, records over 1 MiB, and wild limits', async () => {
      const store = await fresh()
      for (const id of ['', 'ü', 'a\n', 'x'.repeat(513)]) expect(() => insert(animals, cat(id))).toThrow(RangeError)
      expect(() => insert(animals, cat('a', { species: 'Kätzchen' }))).toThrow(RangeError)
      expect(() => insert(animals, cat('a', { name: 'é' }))).toThrow(RangeError)
      const wide = { id: 'a', text: 'x'.repeat(1_048_577) }
      expect(() => insert(plants, wide)).toThrow(RangeError)
      for (const limit of [0, -1, 1.5, 10_001]) {
        await expect(store.list(animals, '', { limit })).rejects.toThrow(RangeError)
      }
    })

    it('a transaction sees its reads unchanged when it commits, and runs again when they changed', async () => {
      const store = await fresh()
      await store.commit([insert(animals, cat('a', { legs: 0 }))])
      const addLeg = () =>
        transact(store, async (tx) => {
          const animal = await tx.get(animals, 'a')
          if (animal === undefined) throw new Error('gone')
          tx.replace(animals, { ...animal, legs: animal.legs + 1 })
        })
      await Promise.all(Array.from({ length: 20 }, addLeg))
      expect((await store.get(animals, 'a'))?.record.legs).toBe(20)
    })

    it('a transaction that looks first decides again when the record came between', async () => {
      const store = await fresh()
      const firstUse = (id: string) =>
        transact(store, async (tx) => {
          const known = await tx.find(animals, 'name', 'Tom')
          if (known !== undefined) return known.id
          tx.insert(animals, cat(id, { name: 'Tom' }))
          return id
        })
      const ids = await Promise.all(['a', 'b', 'c', 'd'].map(firstUse))
      expect(new Set(ids).size).toBe(1)
      expect((await store.list(animals, '', { limit: 10 })).length).toBe(1)
    })

    it('a transaction that does not look gets the refusal, and one that throws writes nothing', async () => {
      const store = await fresh()
      await store.commit([insert(animals, cat('a'))])
      const blind = transact(store, async (tx) => tx.insert(animals, cat('a')))
      expect(await refusal(blind)).toEqual(['exists', 'id'])
      const failing = transact(store, async (tx) => {
        tx.insert(animals, cat('b'))
        throw new Error('changed my mind')
      })
      await expect(failing).rejects.toThrow('changed my mind')
      expect(await store.get(animals, 'b')).toBeUndefined()
    })

    it('a transaction refuses to write what it did not read, or to write it twice', async () => {
      const store = await fresh()
      await store.commit([insert(animals, cat('a'))])
      await expect(transact(store, async (tx) => tx.replace(animals, cat('a')))).rejects.toThrow(TypeError)
      await expect(transact(store, async (tx) => tx.remove(animals, 'a'))).rejects.toThrow(TypeError)
      const twice = transact(store, async (tx) => {
        await tx.get(animals, 'a')
        tx.replace(animals, cat('a', { legs: 3 }))
        tx.remove(animals, 'a')
      })
      await expect(twice).rejects.toThrow(TypeError)
    })

    it('restores a snapshot into an empty store: records, indexes, due times and versions', async () => {
      const { store, another } = await under()
      await store.commit([insert(animals, cat('a', { name: 'Tom', feedAt: 5 })), insert(plants, { id: 'p' })])
      const copy = await another()
      opened.push(copy)
      await copy.restore(await store.snapshot())
      expect(await copy.snapshot()).toEqual(await store.snapshot())
      expect((await copy.find(animals, 'name', 'Tom'))?.record).toEqual(cat('a', { name: 'Tom', feedAt: 5 }))
      expect((await copy.listBy(animals, 'species', 'cat', { limit: 9 })).length).toBe(1)
      expect(await copy.nextDue(animals)).toBe(5)
      await copy.commit([insert(animals, cat('b'))])
      const [a, b] = [await copy.get(animals, 'a'), await copy.get(animals, 'b')]
      expect(b?.version).toBeGreaterThan(a?.version ?? 0)
      expect(await refusal(copy.restore(await store.snapshot()))).toEqual(['exists', undefined])
    })

    it('commits what waits when it is closed, and refuses every call after', async () => {
      const { store, reopened } = await make()
      const last = store.commit([insert(animals, cat('a'))])
      await store.close()
      await last
      await store.close()
      expect(await refusal(store.get(animals, 'a'))).toEqual(['closed', undefined])
      expect(await refusal(store.list(animals, '', { limit: 1 }))).toEqual(['closed', undefined])
      expect(await refusal(store.commit([insert(animals, cat('b'))]))).toEqual(['closed', undefined])
      expect(await refusal(store.snapshot())).toEqual(['closed', undefined])
      if (reopened === undefined) return
      const again = await reopened()
      opened.push(again)
      expect((await again.get(animals, 'a'))?.record).toEqual(cat('a'))
    })

    it('shows what another connection wrote at the next call', async () => {
      const { store, reopened } = await under()
      if (reopened === undefined) return
      const other = await reopened()
      opened.push(other)
      expect(await other.get(animals, 'a')).toBeUndefined()
      await store.commit([insert(animals, cat('a', { name: 'Tom' }))])
      const seen = await other.get(animals, 'a')
      expect(seen?.record.name).toBe('Tom')
      await store.commit([replace(animals, cat('a', { name: 'Kit' }), seen?.version ?? 0)])
      expect((await other.get(animals, 'a'))?.record.name).toBe('Kit')
      expect(await other.find(animals, 'name', 'Tom')).toBeUndefined()
      expect((await other.find(animals, 'name', 'Kit'))?.id).toBe('a')
    })

    it('behaves as a plain map of records does, whatever is done to it', async () => {
      const ids = fc.constantFrom('a', 'b', 'c')
      const steps = fc.array(
        fc.record({
          op: fc.constantFrom('insert', 'replace', 'remove'),
          id: ids,
          name: fc.option(fc.constantFrom('Tom', 'Kit', 'Max'), { nil: undefined }),
          legs: fc.nat(9),
        }),
        { maxLength: 25 },
      )
      await fc.assert(
        fc.asyncProperty(steps, async (script) => {
          const { store } = await make()
          const model = new Map<string, Animal>()
          for (const { op, id, name: given, legs } of script) {
            const record = cat(id, given === undefined ? { legs } : { name: given, legs })
            const takenBy = [...model.values()].find((other) => other.name === given && given !== undefined)
            const entry = await store.get(animals, id)
            const version = entry?.version ?? 0
            const write =
              op === 'insert'
                ? insert(animals, record)
                : op === 'replace'
                  ? replace(animals, record, version === 0 ? 1_000_000 : version)
                  : remove(animals, id, version === 0 ? 1_000_000 : version)
            const present = model.has(id)
            const clash = op !== 'remove' && takenBy !== undefined && takenBy.id !== id
            const allowed = (op === 'insert' ? !present : present) && !clash
            const result = await store.commit([write]).then(
              () => true,
              () => false,
            )
            expect(result).toBe(allowed)
            if (allowed && op === 'remove') model.delete(id)
            else if (allowed) model.set(id, record)
          }
          const listed = (await store.list(animals, '', { limit: 10 })).map(({ record }) => record)
          expect(listed).toEqual([...model.values()].sort((a, b) => (a.id < b.id ? -1 : 1)))
          for (const { name: given, id } of model.values()) {
            if (given !== undefined) expect((await store.find(animals, 'name', given))?.id).toBe(id)
          }
          await store.close()
        }),
        { numRuns: 25 },
      )
    })
  })
}

/** Code and index of the StoreError with which `call` fails. */
export async function refusal(call: Promise<unknown>): Promise<[StoreErrorCode, string | undefined]> {
  try {
    await call
  } catch (error) {
    if (error instanceof StoreError) return [error.code, error.index]
    throw error
  }
  throw new Error('the call succeeded')
}

async function pages(
  limit: number,
  read: (page: { after?: string; limit: number }) => Promise<readonly { id: string }[]>,
): Promise<string[]> {
  const ids: string[] = []
  for (;;) {
    const after = ids.at(-1)
    const page = await read(after === undefined ? { limit } : { after, limit })
    ids.push(...page.map(({ id }) => id))
    if (page.length < limit) return ids
  }
}
