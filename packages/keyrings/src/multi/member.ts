import type { Keyring } from '@bongtu/client'

/** A keyring and how errors name it. */
export interface Member {
  readonly keyring: Keyring
  readonly label: string
}

/** Throws a TypeError where it does not have a keyring's two functions. */
export function memberOf(keyring: Keyring, position: string): Member {
  if (typeof keyring?.wrapDataKey !== 'function' || typeof keyring.unwrapDataKey !== 'function') {
    throw new TypeError(`multi: ${position} is no keyring: it lacks wrapDataKey or unwrapDataKey`)
  }
  return { keyring, label: keyring.name ?? position }
}
