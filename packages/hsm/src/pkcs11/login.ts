import { TokenError } from '../token-error.ts'
import type { Binding, Handle, TokenInfo } from './binding.ts'
import {
  CKF_LOGIN_REQUIRED,
  CKF_PROTECTED_AUTHENTICATION_PATH,
  CKF_USER_PIN_INITIALIZED,
  CKS_RO_USER_FUNCTIONS,
  CKS_RW_USER_FUNCTIONS,
  CKU_USER,
} from './constants.ts'
import { type PinSource, readPin } from './pin.ts'
import type { PinGate } from './pin-gate.ts'
import { isReturn } from './return-values.ts'
import { hasFlag, type TokenSlot } from './slots.ts'
import { type PinMemory, tryPin } from './try-pin.ts'

export interface Login extends PinMemory {
  readonly binding: Binding
  readonly pinGate: PinGate
  readonly session: Handle
  readonly token: TokenSlot
  /** How messages name the token. */
  readonly name: string
  readonly pin: PinSource | undefined
}

/** The login of tokens that ask for it on their own keys stands for a PIN here: it too is refused once only. */
const PIN_PAD = '(typed at the device)'

/**
 * Logs the process in, unless it is or need not be: a login is of all sessions of a process with a token. Throws
 * `wrongPin`, `pinLocked`, `pinNotSet` and `noPin`. A PIN that was refused is never tried again, and none is where one more
 * wrong one would lock the token.
 */
export async function logIn({ session, token, pin: source, ...known }: Login): Promise<void> {
  const { binding, name } = known
  const info = binding.C_GetTokenInfo(token.slot)
  if (!needsLogin(binding, info, session)) return
  if (!hasFlag(info, CKF_USER_PIN_INITIALIZED)) throw new TokenError('pinNotSet', `${name} has no PIN yet`)
  const atDevice = source === undefined && hasFlag(info, CKF_PROTECTED_AUTHENTICATION_PATH)
  const use = (pin: string): void => {
    try {
      if (atDevice) binding.C_Login(session, CKU_USER)
      else binding.C_Login(session, CKU_USER, pin)
    } catch (error) {
      if (!isReturn(error, 'CKR_USER_ALREADY_LOGGED_IN')) throw error
    }
  }
  const pin = (): string | Promise<string> => (atDevice ? PIN_PAD : pinOf(source, name))
  await tryPin({ ...known, slot: token.slot, owner: 'user', pin, use })
}

/** Whether the token wants a login that the process does not have, or no longer has. */
export const needsLogin = (binding: Binding, info: TokenInfo, session: Handle): boolean =>
  hasFlag(info, CKF_LOGIN_REQUIRED) && !isLoggedIn(binding, session)

function isLoggedIn(binding: Binding, session: Handle): boolean {
  const { state } = binding.C_GetSessionInfo(session)
  return state === CKS_RO_USER_FUNCTIONS || state === CKS_RW_USER_FUNCTIONS
}

function pinOf(source: PinSource | undefined, name: string): Promise<string> {
  if (source !== undefined) return readPin(source, name)
  throw new TokenError('noPin', `${name} asks for a PIN, and none was given: name a file, a variable, or a prompt`)
}
