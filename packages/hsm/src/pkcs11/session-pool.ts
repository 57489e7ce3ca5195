import type { Handle } from './binding.ts'

/** A bounded number of sessions. Who finds them all taken waits in line. */
export interface SessionPool {
  /**
   * A session that nobody else has. Rejects with the signal's reason, with what opening threw, and with the
   * reason that the pool was closed for.
   */
  acquire(signal: AbortSignal | undefined): Promise<Handle>
  /** Gives it back for others. */
  release(session: Handle): void
  /** Gives it back broken: it is closed, and another opened in its place when need be. */
  discard(session: Handle): void
  /** Closes the idle sessions now and those in use as they come back. Who waits, and who comes, gets `reason`. */
  close(reason: unknown): void
}

export interface SessionPoolOptions {
  /** The most to have open; it may grow. */
  readonly most: () => number
  readonly open: () => Handle
  readonly close: (session: Handle) => void
  /** Whether opening failed because the token has no session left: then one of ours is waited for. */
  readonly isExhausted: (error: unknown) => boolean
}

interface Waiter {
  readonly serve: (session: Handle) => void
  readonly fail: (error: unknown) => void
}

export function createSessionPool({ most, open, close, isExhausted }: SessionPoolOptions): SessionPool {
  const idle: Handle[] = []
  const waiting = new Set<Waiter>()
  let count = 0
  let closed: { readonly reason: unknown } | null = null

  const closeOne = (session: Handle): void => {
    count--
    try {
      close(session)
    } catch {
      // It was closed underneath us, or its device is gone.
    }
  }
  /** A session right now, or `null` where one must be waited for. */
  const take = (): Handle | null => {
    const one = idle.pop()
    if (one !== undefined) return one
    if (count >= most()) return null
    try {
      const session = open()
      count++
      return session
    } catch (error) {
      if (count > 0 && isExhausted(error)) return null
      throw error
    }
  }
  /** The first who waits gets a session, where there is one. Whoever cannot have any is told why, and the next is asked. */
  const serveNext = (): void => {
    for (const next of waiting) {
      try {
        const session = take()
        if (session !== null) next.serve(session)
        return
      } catch (error) {
        next.fail(error)
      }
    }
  }

  return {
    async acquire(signal) {
      signal?.throwIfAborted()
      if (closed !== null) throw closed.reason
      const session = waiting.size === 0 ? take() : null
      if (session !== null) return session
      return new Promise((resolve, reject) => {
        const settled = (): void => {
          waiting.delete(waiter)
          signal?.removeEventListener('abort', abandon)
        }
        const waiter: Waiter = {
          serve: (served) => {
            settled()
            resolve(served)
          },
          fail: (error) => {
            settled()
            reject(error)
          },
        }
        const abandon = (): void => waiter.fail(signal?.reason)
        signal?.addEventListener('abort', abandon, { once: true })
        waiting.add(waiter)
        // More may be open now than when those before it came.
        serveNext()
      })
    },
    release(session) {
      if (closed !== null) closeOne(session)
      else idle.push(session)
      serveNext()
    },
    discard(session) {
      closeOne(session)
      serveNext()
    },
    close(reason) {
      closed = { reason }
      for (const session of idle.splice(0)) closeOne(session)
      for (const waiter of waiting) waiter.fail(reason)
    },
  }
}
