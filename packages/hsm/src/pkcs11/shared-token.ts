import { type OneAtATime, oneAtATime } from '../one-at-a-time.ts'
import type { Module } from './modules.ts'
import type { SessionPool } from './session-pool.ts'
import { slotSessions } from './slot-sessions.ts'
import type { TokenSlot } from './slots.ts'

/** A token as this process has it: one pool of sessions and one login, however many keyrings use it. */
export interface SharedToken {
  readonly token: TokenSlot
  readonly pool: SessionPool
  /** Of the module, when the token was found. */
  readonly generation: number
  /** A login is of the whole process: each waits for the one before, and then finds that it is logged in. */
  readonly login: OneAtATime
  /** Gives up one use. The last one closes the sessions. */
  leave(reason: unknown): void
  /** Closes the sessions of all users, since the token went: later users get another pool. */
  drop(reason: unknown): void
}

interface Shared {
  readonly token: SharedToken
  users: number
  /** The most sessions that any of its users wanted. */
  wanted: number
}

/** The tokens of a module that are in use. */
export type SharedTokens = Map<string, Shared>

/** Joins those who use the token, for at most `wanted` sessions. */
export function shareToken(module: Module, token: TokenSlot, wanted: number): SharedToken {
  const { sharedTokens } = module
  const name = [token.id, token.info.serialNumber, token.info.label].join('\0')
  const known = sharedTokens.get(name)
  if (known !== undefined) {
    known.users++
    known.wanted = Math.max(known.wanted, wanted)
    return known.token
  }
  const forget = (): void => {
    if (sharedTokens.get(name) === fresh) sharedTokens.delete(name)
  }
  const pool = slotSessions(module, token, () => fresh.wanted)
  const fresh: Shared = {
    users: 1,
    wanted,
    token: {
      token,
      pool,
      generation: module.generation(),
      login: oneAtATime(),
      leave(reason) {
        if (--fresh.users > 0) return
        forget()
        pool.close(reason)
      },
      drop(reason) {
        forget()
        pool.close(reason)
      },
    },
  }
  sharedTokens.set(name, fresh)
  return fresh.token
}
