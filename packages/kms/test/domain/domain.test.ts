import { describe, expect, it } from 'vitest'
import { type Domain, openDomain } from '../../src/domain/domain.ts'
import { DOMAIN_ID, domains } from '../../src/domain/domain-record.ts'
import { ephemeralRoot } from '../../src/hsm/factory.ts'
import { remove } from '../../src/store/kind.ts'
import { materials } from '../../src/store/material.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import type { Store } from '../../src/store/store.ts'
import { codeOf, DAY, KEY_A, KEY_B, NOON, text } from '../hsm/support.ts'
import { domainKeyIdOf, lastingRoot, storedKey, testDomain, tokenOf } from './support.ts'

describe('the domain of a store', () => {
  it('is founded once and found again', async () => {
    const { store, rootKey, domain } = await testDomain()
    const key = await storedKey({ store, domain }, KEY_A)
    const again = await openDomain({ store, rootKey, now: () => NOON })
    expect(await again.status()).toEqual(await domain.status())
    const parameters = { key: KEY_A, token: await tokenOf(store, key.id), plaintext: text('x'), encryptionContext: {} }
    const sealed = await domain.hsm.execute('encrypt', parameters)
    const opened = await again.hsm.execute('decrypt', { ...parameters, ...sealed })
    expect(opened.plaintext).toEqual(text('x'))
  })

  it('is one domain where many open a new store at once', async () => {
    const store = memoryStore()
    const rootKey = lastingRoot()
    const all = await Promise.all(Array.from({ length: 16 }, () => openDomain({ store, rootKey, now: () => NOON })))
    const ids = await Promise.all(all.map(async (domain) => (await domain.status()).domainKeys[0]?.id))
    expect(new Set(ids).size).toBe(1)
  })

  it('does not start where its root is missing or another, and writes nothing', async () => {
    const { store } = await testDomain()
    const before = await store.snapshot()
    expect(await codeOf(openDomain({ store, rootKey: ephemeralRoot(), now: () => NOON }))).toBe('rootMissing')
    expect(await codeOf(openDomain({ store, rootKey: lastingRoot(), now: () => NOON }))).toBe('wrongRoot')
    expect(await store.snapshot()).toEqual(before)
  })

  it('does not found a new domain over key tokens that lost theirs', async () => {
    const { store, domain, rootKey } = await testDomain()
    await storedKey({ store, domain }, KEY_A)
    await store.commit([remove(domains, DOMAIN_ID, (await store.get(domains, DOMAIN_ID))?.version ?? 0)])
    expect(await codeOf(openDomain({ store, rootKey, now: () => NOON }))).toBe('noDomain')
    expect(await store.get(domains, DOMAIN_ID)).toBeUndefined()
  })

  it('§9.11 rotation moves every token under the new key, 200 in a commit, after the domain has it', async () => {
    const { store, domain, rootKey } = await testDomain()
    const ids: string[] = []
    for (let i = 0; i < 450; i++) ids.push((await storedKey({ store, domain }, { ...KEY_A, keyId: `key-${i}` })).id)
    const commits: number[] = []
    const counted: Store = {
      ...store,
      commit: (writes) => {
        commits.push(writes.length)
        return store.commit(writes)
      },
    }
    const rotating = await openDomain({ store: counted, rootKey, now: () => NOON })
    const { version, domainKeys } = await rotating.rotate()
    expect(version).toBe(2)
    expect(commits).toEqual([1, 201, 201, 51])
    for (const id of ids) expect(domainKeyIdOf(await tokenOf(store, id))).toBe(domainKeys[0]?.id)
  })

  it('§9.11 requests go on while the domain key rotates, in the rotating process and beside it', async () => {
    const here = await testDomain()
    const { store, domain, rootKey } = here
    const beside = await openDomain({ store, rootKey, now: () => NOON })
    const keys = await Promise.all([KEY_A, KEY_B].map((key) => storedKey(here, key)))
    let rotating = true
    let served = 0
    async function load(on: Domain): Promise<void> {
      while (rotating) {
        for (const { key, id } of keys) {
          const ref = { key, encryptionContext: {} }
          const first = await tokenOf(store, id)
          const sealed = await on.hsm.execute('generateDataKey', { ...ref, token: first, numberOfBytes: 32 })
          const opened = await on.hsm.execute('decrypt', { ...ref, token: await tokenOf(store, id), ...sealed })
          expect(opened.plaintext).toEqual(sealed.plaintext)
          served++
        }
      }
    }
    const loads = [load(domain), load(beside)]
    for (let i = 0; i < 20; i++) await (i % 2 === 0 ? domain : beside).rotate()
    rotating = false
    await Promise.all(loads)
    expect((await domain.status()).version).toBe(21)
    expect(served).toBeGreaterThan(20)
  })

  it('§9.11 a token that is made or removed while the domain rotates is neither lost nor brought back', async () => {
    const here = await testDomain()
    const { store, domain, rootKey } = here
    await storedKey(here, KEY_A)
    const doomed = await storedKey(here, KEY_B)
    let interfere = true
    const slow: Store = {
      ...store,
      commit: async (writes) => {
        if (interfere) {
          interfere = false
          await store.commit([remove(materials, doomed.id, (await store.get(materials, doomed.id))?.version ?? 0)])
          await storedKey(here, { ...KEY_A, keyId: 'newcomer' })
        }
        return store.commit(writes)
      },
    }
    const rotating = await openDomain({ store: slow, rootKey, now: () => NOON })
    const { domainKeys } = await rotating.rotate()
    const stored = await store.list(materials, '', { limit: 10 })
    expect(stored.map(({ record }) => record.keyId)).toEqual([KEY_A.keyId, 'newcomer'])
    for (const { id } of stored) expect(domainKeyIdOf(await tokenOf(store, id))).toBe(domainKeys[0]?.id)
    expect((await domain.status()).version).toBe(2)
  })

  it('§9.11 where two processes rotate at once, no domain key is lost and every token opens', async () => {
    const here = await testDomain()
    const { store, domain, rootKey } = here
    const { key, id } = await storedKey(here, KEY_A)
    const others = await Promise.all([1, 2, 3].map(() => openDomain({ store, rootKey, now: () => NOON })))
    await Promise.all([domain, ...others].map((one) => one.rotate()))
    const { version } = await domain.status()
    expect(version).toBeGreaterThan(1)
    for (const one of others) {
      expect((await one.status()).version).toBe(version)
      const parameters = { key, token: await tokenOf(store, id), plaintext: text('x'), encryptionContext: {} }
      expect((await one.hsm.execute('encrypt', parameters)).ciphertextBlob.length).toBeGreaterThan(0)
    }
  })

  it('§9.11 a rotation that another one overtakes while it re-wraps is content with that one', async () => {
    const here = await testDomain()
    const { store, domain, rootKey } = here
    const { id } = await storedKey(here, KEY_A)
    let overtaken = false
    const slow: Store = {
      ...store,
      list: async (kind, prefix, page) => {
        if (!overtaken) {
          overtaken = true
          await domain.rotate()
        }
        return store.list(kind, prefix, page)
      },
    }
    // Opening lists nothing: the store has a domain. So the first list is the rotation's.
    const late = await openDomain({ store: slow, rootKey, now: () => NOON })
    const { version, domainKeys } = await late.rotate()
    expect(version).toBe(2)
    expect(domainKeyIdOf(await tokenOf(store, id))).toBe(domainKeys[0]?.id)
    expect((await domain.status()).domainKeys).toEqual(domainKeys)
  })

  it('§9.11 rotates when a day has passed, or the period that was asked for, up to a week', async () => {
    const { store, clock, domain, rootKey } = await testDomain()
    expect(await domain.nextRotation()).toBe(NOON + DAY)
    expect(await domain.rotateIfDue()).toBe(false)
    clock.now += DAY
    expect(await domain.rotateIfDue()).toBe(true)
    expect(await domain.rotateIfDue()).toBe(false)
    const weekly = await openDomain({ store, rootKey, now: () => clock.now, rotationPeriod: 7 * DAY })
    await weekly.rotate()
    expect(await weekly.nextRotation()).toBe(clock.now + 7 * DAY)
    expect(await store.nextDue(domains)).toBe(clock.now + 7 * DAY)
    for (const rotationPeriod of [0, DAY / 25, 7 * DAY + 1, Number.NaN]) {
      await expect(openDomain({ store, rootKey, now: () => NOON, rotationPeriod })).rejects.toThrow(RangeError)
    }
  })

  it('tells of a token that no ring can open, and does not ask the store for ever', async () => {
    const { domain } = await testDomain()
    const elsewhere = await testDomain()
    const { id } = await storedKey(elsewhere, KEY_A)
    const parameters = {
      key: KEY_A,
      token: await tokenOf(elsewhere.store, id),
      plaintext: text('x'),
      encryptionContext: {},
    }
    expect(await codeOf(domain.hsm.execute('encrypt', parameters))).toBe('unknownDomainKey')
  })
})
