import { defaultEngine, type Engine } from '@bongtu/crypto'
import { kindOf } from '@bongtu/crypto/options'
import type { DataKeyCache } from './data-key-cache.ts'
import type { Keyring } from './keyring.ts'

const isFunction = (value: unknown): boolean => typeof value === 'function'

/** Throws a TypeError where it does not have a keyring's two functions. */
export function requireKeyring(what: string, value: Keyring | undefined): Keyring {
  if (value !== null && typeof value === 'object' && isFunction(value.wrapDataKey) && isFunction(value.unwrapDataKey)) {
    return value
  }
  throw new TypeError(
    `${what} needs a keyring: rawAes(…), awsKms(…), multi(…), or an object with wrapDataKey and unwrapDataKey`,
  )
}

/** Throws a TypeError where it is given and does not have a cache's two functions. */
export function requireCache(what: string, value: DataKeyCache | undefined): DataKeyCache | undefined {
  if (value === undefined || (isFunction(value?.forEncryption) && isFunction(value?.forDecryption))) return value
  throw new TypeError(`${what}: cache must be a data-key cache, such as dataKeyCache(…), got ${kindOf(value)}`)
}

/** The default engine where none is given. Throws a TypeError where it does not have an engine's functions. */
export function requireEngine(what: string, value: Engine = defaultEngine): Engine {
  if (isFunction(value?.aesGcm) && isFunction(value.hkdf) && isFunction(value.random)) return value
  throw new TypeError(`${what}: engine must be one of the engines of @bongtu/crypto, got ${kindOf(value)}`)
}

/** Throws a TypeError where it is given and is no AbortSignal. */
export function requireSignal(what: string, value: AbortSignal | undefined): AbortSignal | undefined {
  if (value === undefined || (isFunction(value?.throwIfAborted) && isFunction(value?.addEventListener))) return value
  throw new TypeError(`${what}: signal must be an AbortSignal, got ${kindOf(value)}`)
}
