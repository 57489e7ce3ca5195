import { TokenError } from '../token-error.ts'
import type { Binding, Handle } from './binding.ts'
import { logIn, needsLogin } from './login.ts'
import type { Module } from './modules.ts'
import type { PinSource } from './pin.ts'
import { type Loss, loginLost, lossOf, tokenError } from './return-values.ts'
import type { SessionPool } from './session-pool.ts'
import { slotSessions } from './slot-sessions.ts'
import { findToken, type TokenSlot, tokenName } from './slots.ts'
import type { Turns } from './turns.ts'
import type { Pkcs11Path } from './uri-attributes.ts'

/** A session that is logged in, for one call. */
export interface Session {
  /** How messages name its token. */
  readonly token: string
  readonly binding: Binding
  readonly handle: Handle
  /** Handles of keys are good for calls with the same epoch. */
  readonly epoch: number
  /** Throws where the login was lost unseen, as by a C_Logout of somebody else: then searches find no private objects. */
  checkLogin(): void
}

/** One token, found again whenever it was lost. */
export interface Connection {
  /** How messages name the token. */
  readonly name: string
  /**
   * Does `work` with a session that nobody else has. Where session, login or device were lost underneath, they are made
   * again and `work` is repeated: it must be made so that doing it twice is right. Rejects with what went wrong as a
   * `TokenError`, whose message says `what` was done. Work that changes what the token holds is done `alone`.
   */
  use<T>(
    what: string,
    signal: AbortSignal | undefined,
    work: (session: Session) => T | Promise<T>,
    turn?: keyof Turns,
  ): Promise<T>
  close(): void
}

export interface ConnectionOptions {
  readonly openModule: () => Promise<Module>
  readonly path: Pkcs11Path
  /** Absent for tokens that need no login. */
  readonly pin: PinSource | undefined
  /** The most sessions that are open at a time. */
  readonly sessions: number
}

/** A token as it was found, and the sessions that were opened to it. */
interface Opening {
  readonly module: Module
  readonly token: TokenSlot
  readonly pool: SessionPool
}

/** Sessions may be closed underneath again and again; a device that is gone is looked for once more. */
const MOST_ATTEMPTS: Readonly<Record<Loss, number>> = { session: 16, slot: 2, module: 2 }

export function createConnection({ openModule, path, pin, sessions }: ConnectionOptions): Connection {
  const name = tokenName(path)
  let opening: Opening | null = null
  let everFound = false
  let epoch = 0
  let loggedInAt = -1
  let loggingIn: Promise<void> | null = null
  let closed = false

  const openToken = (module: Module): Opening => {
    const token = find(module.binding)
    return { module, token, pool: slotSessions(module.binding, token, sessions) }
  }
  const find = (binding: Binding): TokenSlot => {
    try {
      const token = findToken(binding, path)
      everFound = true
      return token
    } catch (cause) {
      if (!(everFound && cause instanceof TokenError && cause.code === 'noSuchToken')) throw cause
      throw new TokenError('deviceGone', `${name} was removed; the next call looks for it again`, { cause })
    }
  }
  /** Once an epoch, however many calls wait for it. */
  const ensureLogin = async ({ module, token }: Opening, session: Handle): Promise<void> => {
    if (loggedInAt === epoch) return
    const wanted = epoch
    loggingIn ??= logIn({ ...module, session, token, name, pin })
      .then(() => {
        loggedInAt = wanted
      })
      .finally(() => {
        loggingIn = null
      })
    await loggingIn
  }
  const attempt = async <T>(
    module: Module,
    signal: AbortSignal | undefined,
    work: (session: Session) => T | Promise<T>,
  ): Promise<T> => {
    if (closed) throw closedError(name)
    opening ??= openToken(module)
    const current = opening
    const handle = await current.pool.acquire(signal)
    const { binding } = module
    const checkLogin = (): void => {
      if (needsLogin(binding, current.token.info, handle)) throw loginLost()
    }
    let lost = false
    try {
      await ensureLogin(current, handle)
      return await work({ token: name, binding, handle, epoch, checkLogin })
    } catch (error) {
      lost = lossOf(error) !== null
      throw error
    } finally {
      if (lost) current.pool.discard(handle)
      else current.pool.release(handle)
    }
  }
  /** Forgets what was lost, once: who failed in an earlier epoch comes after somebody who has done so. */
  const forget = async (loss: Loss, error: unknown, failedAt: number): Promise<void> => {
    if (failedAt !== epoch) return
    epoch++
    if (loss === 'session') return
    opening?.pool.close(error)
    opening = null
    if (loss === 'module') (await openModule()).initialize()
  }

  return {
    name,
    async use(what, signal, work, turn = 'together') {
      const attempts: Record<Loss, number> = { session: 0, slot: 0, module: 0 }
      for (;;) {
        const startedAt = epoch
        try {
          const module = await openModule()
          return await module.turns[turn](() => attempt(module, signal, work))
        } catch (error) {
          signal?.throwIfAborted()
          const loss = lossOf(error)
          if (loss === null || ++attempts[loss] >= MOST_ATTEMPTS[loss]) throw tokenError(error, `${name}: ${what}`)
          await forget(loss, error, startedAt)
        }
      }
    },
    close() {
      closed = true
      opening?.pool.close(closedError(name))
    },
  }
}

const closedError = (name: string): TokenError => new TokenError('closed', `${name} was closed`)
