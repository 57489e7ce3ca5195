import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Handle } from '../src/pkcs11/binding.ts'
import { createSessionPool } from '../src/pkcs11/session-pool.ts'

/** A token with at most `has` sessions. */
function tokenWith(has: number) {
  const open = new Set<Handle>()
  let failure: Error | null = null
  return {
    open,
    failNext: (error: Error) => {
      failure = error
    },
    pool: (most: number) =>
      createSessionPool({
        most: () => most,
        open: () => {
          const failed = failure
          failure = null
          if (failed !== null) throw failed
          if (open.size >= has) throw new Error('CKR_SESSION_COUNT')
          const handle = Buffer.alloc(8)
          open.add(handle)
          return handle
        },
        close: (handle) => {
          if (!open.delete(handle)) throw new Error('CKR_SESSION_HANDLE_INVALID')
        },
        isExhausted: (error) => error instanceof Error && error.message === 'CKR_SESSION_COUNT',
      }),
  }
}

const settled = async (promise: Promise<unknown>): Promise<boolean> => {
  const pending = Symbol('pending')
  return (await Promise.race([promise.catch(() => undefined), Promise.resolve(pending)])) !== pending
}

describe('the session pool', () => {
  it('opens no session before one is asked for, and uses it again', async () => {
    const { open, pool } = tokenWith(4)
    const sessions = pool(2)
    expect(open.size).toBe(0)
    const first = await sessions.acquire(undefined)
    sessions.release(first)
    expect(await sessions.acquire(undefined)).toBe(first)
    expect(open.size).toBe(1)
  })

  it('lets callers beyond its bound wait, and serves them in their order', async () => {
    const sessions = tokenWith(4).pool(1)
    const first = await sessions.acquire(undefined)
    const order: string[] = []
    const waiting = ['a', 'b', 'c'].map(async (name) => {
      const session = await sessions.acquire(undefined)
      order.push(name)
      sessions.release(session)
    })
    sessions.release(first)
    await Promise.all(waiting)
    expect(order).toEqual(['a', 'b', 'c'])
  })

  it('waits for one of its own where the token has no more, and fails where it has none at all', async () => {
    const { pool, failNext } = tokenWith(1)
    const sessions = pool(8)
    const first = await sessions.acquire(undefined)
    const second = sessions.acquire(undefined)
    sessions.release(first)
    expect(await second).toBe(first)
    const others = tokenWith(0).pool(8)
    await expect(others.acquire(undefined)).rejects.toThrow('CKR_SESSION_COUNT')
    sessions.discard(first)
    failNext(new Error('CKR_DEVICE_REMOVED'))
    await expect(sessions.acquire(undefined)).rejects.toThrow('CKR_DEVICE_REMOVED')
  })

  it("rejects who waits with its signal's reason, and forgets it", async () => {
    const sessions = tokenWith(1).pool(1)
    const first = await sessions.acquire(undefined)
    const controller = new AbortController()
    const abandoned = sessions.acquire(controller.signal)
    const next = sessions.acquire(undefined)
    controller.abort(new Error('enough'))
    await expect(abandoned).rejects.toThrow('enough')
    expect(await settled(next)).toBe(false)
    sessions.release(first)
    expect(await next).toBe(first)
    await expect(sessions.acquire(controller.signal)).rejects.toThrow('enough')
  })

  it('closes a discarded session, also where it was closed underneath, and opens another for who waits', async () => {
    const { open, pool } = tokenWith(4)
    const sessions = pool(1)
    const first = await sessions.acquire(undefined)
    const waiting = sessions.acquire(undefined)
    open.delete(first)
    sessions.discard(first)
    expect(await waiting).not.toBe(first)
    expect(open.size).toBe(1)
  })

  it('tells everybody who waits where opening another fails', async () => {
    const { pool, failNext } = tokenWith(4)
    const sessions = pool(1)
    const first = await sessions.acquire(undefined)
    const waiting = [sessions.acquire(undefined), sessions.acquire(undefined)] as const
    failNext(new Error('CKR_DEVICE_REMOVED'))
    sessions.discard(first)
    await expect(waiting[0]).rejects.toThrow('CKR_DEVICE_REMOVED')
    await expect(waiting[1]).resolves.toBeInstanceOf(Buffer)
  })

  it('tells a crowd that waits where no session can be had any more', async () => {
    let gone = false
    const sessions = createSessionPool({
      most: () => 1,
      open: () => {
        if (gone) throw new Error('CKR_DEVICE_REMOVED')
        return Buffer.alloc(8)
      },
      close: () => {},
      isExhausted: () => false,
    })
    const first = await sessions.acquire(undefined)
    const waiting = Array.from({ length: 50_000 }, () => sessions.acquire(undefined))
    const outcomes = Promise.allSettled(waiting)
    gone = true
    sessions.discard(first)
    expect(new Set((await outcomes).map(({ status }) => status))).toEqual(new Set(['rejected']))
  })

  it('closes what is idle at once, what is in use as it comes back, and tells why to all others', async () => {
    const { open, pool } = tokenWith(4)
    const sessions = pool(2)
    const [first, second] = [await sessions.acquire(undefined), await sessions.acquire(undefined)]
    const waiting = sessions.acquire(undefined)
    sessions.release(first)
    sessions.release(await waiting)
    const late = sessions
      .acquire(undefined)
      .then((session) => sessions.acquire(undefined).finally(() => sessions.release(session)))
    await settled(late)
    sessions.close(new Error('over'))
    await expect(late).rejects.toThrow('over')
    sessions.release(second)
    expect(open.size).toBe(0)
    await expect(sessions.acquire(undefined)).rejects.toThrow('over')
  })

  it('never has more sessions than its bound or the token, and never gives one to two callers', async () => {
    const step = fc.record({ hold: fc.nat(5), broken: fc.boolean(), abort: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(step),
        async (has, most, steps) => {
          const { open, pool } = tokenWith(has)
          const sessions = pool(most)
          const held = new Set<Handle>()
          const outcomes = await Promise.all(
            steps.map(async ({ hold, broken, abort }) => {
              const controller = new AbortController()
              const acquiring = sessions.acquire(controller.signal)
              if (abort) controller.abort()
              const session = await acquiring.catch(() => null)
              if (session === null) return abort
              expect(held.has(session)).toBe(false)
              held.add(session)
              expect(open.size).toBeLessThanOrEqual(Math.min(has, most))
              for (let turn = 0; turn < hold; turn++) await Promise.resolve()
              held.delete(session)
              if (broken) sessions.discard(session)
              else sessions.release(session)
              return true
            }),
          )
          expect(outcomes).not.toContain(false)
          sessions.close(new Error('over'))
          expect(open.size).toBe(0)
        },
      ),
    )
  })
})
