import type { DecryptionMaterials } from '@bongtu/client'
import { describe, expect, it } from 'vitest'
import { dataKeyCache } from '../src/index.ts'
import { decryption, held, stoppedClock, unwrapper } from './support/requests.ts'

const dataKeyOf = (byte: number) => async () => ({
  ...(await unwrapper().call()),
  dataKey: new Uint8Array(32).fill(byte),
})
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a data key that opened no message yet', () => {
  it('can be forgotten by everybody who got it from a call, for whoever made the call may be gone', async () => {
    const cache = dataKeyCache({ capacity: 10, maxAge: 1000 })
    const leader = new AbortController()
    const wrong = held<DecryptionMaterials>()
    const led = cache.forDecryption(decryption(() => wrong.promise, { signal: leader.signal }))
    const joined = cache.forDecryption(decryption(() => wrong.promise))
    await turn()
    leader.abort(new Error('gone'))
    await expect(led).rejects.toThrow('gone')
    wrong.resolve(await dataKeyOf(1)())
    const { outcome, forget } = await joined
    expect([outcome, typeof forget]).toEqual(['hit', 'function'])
    forget?.()
    const again = await cache.forDecryption(decryption(dataKeyOf(2)))
    expect([again.outcome, again.dataKey[0]]).toEqual(['miss', 2])
  })

  it('cannot be forgotten by those who got it from an entry', async () => {
    const cache = dataKeyCache({ capacity: 10, maxAge: 1000 })
    await cache.forDecryption(decryption(dataKeyOf(1)))
    expect((await cache.forDecryption(decryption(dataKeyOf(2)))).forget).toBeUndefined()
  })

  it('does not take the place of one that did, where a call ahead of expiry answers another', async () => {
    const clock = stoppedClock()
    const cache = dataKeyCache({ capacity: 10, maxAge: 100, gracePeriod: 20, clock: clock.read })
    await cache.forDecryption(decryption(dataKeyOf(1)))
    clock.now = 85
    for (const answered of [2, 1]) {
      await cache.forDecryption(decryption(dataKeyOf(answered)))
      await turn()
      expect((await cache.forDecryption(decryption(dataKeyOf(3)))).dataKey[0]).toBe(1)
      clock.now = 95
    }
  })
})
