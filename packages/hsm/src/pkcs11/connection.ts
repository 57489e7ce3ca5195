import { TokenError } from '../token-error.ts'
import type { Binding, Handle } from './binding.ts'
import { logIn, needsLogin } from './login.ts'
import type { Module } from './modules.ts'
import type { PinSource } from './pin.ts'
import { type Loss, loginLost, lossOf, MissingToken, returnValue, tokenError, tokenGone } from './return-values.ts'
import { type SharedToken, shareToken } from './shared-token.ts'
import { findToken, isPresent, type TokenSlot, tokenName } from './slots.ts'
import type { PinMemory } from './try-pin.ts'
import type { Turns } from './turns.ts'
import type { Pkcs11Path } from './uri-attributes.ts'

/** A session that is logged in, for one call. */
export interface Session {
  /** How messages name its token. */
  readonly token: string
  readonly binding: Binding
  readonly slot: Handle
  readonly handle: Handle
  /** Handles of keys are good for calls with the same epoch. */
  readonly epoch: number
  /** Throws where the token went unseen: then answers say nothing of what it holds. */
  checkToken(): void
  /**
   * Throws as `checkToken`, and where the login was lost unseen, as by a C_Logout of other code: then searches find no
   * private objects.
   */
  checkSearch(): void
}

/** One token, found again whenever it was lost. */
export interface Connection {
  /** How messages name the token. */
  readonly name: string
  /**
   * Does `work` with a session that no other call has. Where session, login or token were lost underneath, they are looked for
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
  readonly pinMemory: PinMemory
}

/** Sessions may be closed underneath again and again; a token that is gone is looked for once more. */
const MOST_ATTEMPTS: Readonly<Record<Loss, number>> = { session: 16, slot: 2, module: 2, token: 2 }

export function createConnection({ openModule, path, pin, sessions, pinMemory }: ConnectionOptions): Connection {
  const name = tokenName(path)
  let shared: SharedToken | null = null
  let everFound = false
  let epoch = 0
  let loggedInAt = -1
  let loggingIn: Promise<void> | null = null
  let closed = false

  const openToken = (module: Module): SharedToken => {
    const token = find(module.binding)
    everFound = true
    module.found()
    return shareToken(module, token, sessions)
  }
  const gone = (cause: unknown): MissingToken =>
    new MissingToken('unavailable', `${name} is gone; later calls look for it again`, { cause })
  const find = (binding: Binding): TokenSlot => {
    try {
      return findToken(binding, path)
    } catch (cause) {
      const isMissing = cause instanceof TokenError ? cause.code === 'noSuchToken' : lossOf(cause) === null
      if (!isMissing) throw cause
      if (everFound) throw gone(cause)
      throw cause instanceof TokenError ? new MissingToken(cause.code, cause.message, { cause }) : cause
    }
  }
  /** Once an epoch, however many calls wait for it. */
  const ensureLogin = async (module: Module, { token, login }: SharedToken, session: Handle): Promise<void> => {
    if (loggedInAt === epoch) return
    const wanted = epoch
    loggingIn ??= login(() => logIn({ ...module, ...pinMemory, session, token, name, pin }))
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
    if (shared !== null && shared.generation !== module.generation()) lose(closedError(name))
    shared ??= openToken(module)
    const current = shared
    const handle = await current.pool.acquire(signal)
    const { binding } = module
    const checkToken = (): void => {
      if (!isPresent(binding, current.token)) throw tokenGone(undefined)
    }
    const checkSearch = (): void => {
      checkToken()
      if (needsLogin(binding, current.token.info, handle)) throw loginLost()
    }
    let lost = false
    try {
      await ensureLogin(module, current, handle)
      return await work({ token: name, binding, slot: current.token.slot, handle, epoch, checkToken, checkSearch })
    } catch (error) {
      // Of a token that went, some modules say no more than that something failed.
      const isUnclear = returnValue(error) !== null && lossOf(error) === null
      const reason = isUnclear && !isPresent(binding, current.token) ? tokenGone(error) : error
      lost = lossOf(reason) !== null
      throw reason
    } finally {
      if (lost) current.pool.discard(handle)
      else current.pool.release(handle)
    }
  }
  const lose = (reason: unknown): void => {
    epoch++
    shared?.drop(reason)
    shared = null
  }
  /** Forgets what was lost, once: of the calls that failed in one epoch, the first does it. */
  const forget = (loss: Loss, error: unknown, failedAt: number): void => {
    if (failedAt !== epoch) return
    if (loss === 'session') epoch++
    else lose(error)
  }
  /** Whether looking for the token again may help. */
  const revive = async (module: Module, loss: Loss, seen: number): Promise<boolean> => {
    if (loss !== 'module' && loss !== 'token') return true
    // A token that was never seen may not exist: the sessions of others are not closed for it.
    if (loss === 'token' && !everFound && module.everFound()) return false
    return module.revive(loss, seen)
  }

  return {
    name,
    async use(what, signal, work, turn = 'together') {
      const attempts: Record<Loss, number> = { session: 0, slot: 0, module: 0, token: 0 }
      const module = await openModule()
      for (;;) {
        const startedAt = epoch
        const seen = module.generation()
        try {
          return await module.turns[turn](() => attempt(module, signal, work))
        } catch (error) {
          signal?.throwIfAborted()
          const loss = lossOf(error)
          if (loss === null || ++attempts[loss] >= MOST_ATTEMPTS[loss]) throw tokenError(error, `${name}: ${what}`)
          forget(loss, error, startedAt)
          if (!(await revive(module, loss, seen)))
            throw loss === 'module' && everFound ? gone(error) : tokenError(error, `${name}: ${what}`)
        }
      }
    },
    close() {
      closed = true
      shared?.leave(closedError(name))
      shared = null
    },
  }
}

const closedError = (name: string): TokenError => new TokenError('closed', `${name} was closed`)
