import { TokenError, type TokenErrorCode } from '../token-error.ts'

/**
 * What was lost with a return value, and is made again before the call is repeated. `session`: the session, and perhaps with
 * it the login of the process and the handles of keys; `slot`: also the slot, for the device went; `module`: also what
 * C_Initialize made, since other code finalized the module; `token`: the module does not see the token, which may be back and
 * be seen only after another C_Initialize.
 */
export type Loss = 'session' | 'slot' | 'module' | 'token'

interface Meaning {
  readonly code: TokenErrorCode
  readonly text: string
  readonly loss?: Loss
}

const wrongPin: Meaning = { code: 'wrongPin', text: 'the token refuses the PIN' }
const denied: Meaning = { code: 'denied', text: 'the token does not permit this' }
const gone: Meaning = { code: 'unavailable', text: 'the token is gone or does not answer', loss: 'slot' }
const lostSession: Meaning = { code: 'failed', text: 'the session was closed again and again', loss: 'session' }
const lostLogin: Meaning = { code: 'failed', text: 'the login was lost again and again', loss: 'session' }
const noSession: Meaning = { code: 'noSession', text: 'the token has no session left' }
const unsupported: Meaning = { code: 'unsupported', text: 'the token does not offer this' }
const failed: Meaning = { code: 'failed', text: 'the token failed' }

/** The one place where return values get a meaning. Those that are not here mean that the token failed. */
const meanings: Readonly<Record<string, Meaning>> = {
  CKR_PIN_INCORRECT: wrongPin,
  CKR_PIN_INVALID: wrongPin,
  CKR_PIN_LEN_RANGE: wrongPin,
  CKR_PIN_LOCKED: { code: 'pinLocked', text: 'the PIN is locked; the security officer of the token unlocks it' },
  CKR_PIN_EXPIRED: { code: 'pinLocked', text: 'the PIN has expired; set a new one with the tool of the maker' },
  CKR_USER_PIN_NOT_INITIALIZED: { code: 'pinNotSet', text: 'the token has no PIN yet; `bongtu hsm init` sets one' },
  CKR_KEY_FUNCTION_NOT_PERMITTED: denied,
  CKR_ACTION_PROHIBITED: denied,
  CKR_FUNCTION_REJECTED: denied,
  CKR_ATTRIBUTE_SENSITIVE: denied,
  CKR_KEY_UNEXTRACTABLE: denied,
  CKR_TOKEN_WRITE_PROTECTED: denied,
  CKR_SESSION_READ_ONLY: denied,
  CKR_USER_ANOTHER_ALREADY_LOGGED_IN: denied,
  CKR_USER_TOO_MANY_TYPES: denied,
  CKR_DEVICE_REMOVED: gone,
  CKR_DEVICE_ERROR: gone,
  CKR_TOKEN_NOT_PRESENT: gone,
  CKR_TOKEN_NOT_RECOGNIZED: gone,
  CKR_SLOT_ID_INVALID: gone,
  CKR_CRYPTOKI_NOT_INITIALIZED: { ...gone, loss: 'module' },
  CKR_SESSION_HANDLE_INVALID: lostSession,
  CKR_SESSION_CLOSED: lostSession,
  CKR_OPERATION_ACTIVE: lostSession,
  CKR_OPERATION_NOT_INITIALIZED: lostSession,
  CKR_USER_NOT_LOGGED_IN: lostLogin,
  CKR_KEY_HANDLE_INVALID: lostLogin,
  CKR_OBJECT_HANDLE_INVALID: lostLogin,
  CKR_SESSION_COUNT: noSession,
  CKR_DEVICE_MEMORY: { code: 'failed', text: 'the device has no memory left' },
  CKR_MECHANISM_INVALID: unsupported,
  CKR_MECHANISM_PARAM_INVALID: unsupported,
  CKR_ARGUMENTS_BAD: unsupported,
  CKR_FUNCTION_NOT_SUPPORTED: unsupported,
  CKR_KEY_SIZE_RANGE: unsupported,
  CKR_KEY_TYPE_INCONSISTENT: unsupported,
  CKR_ATTRIBUTE_TYPE_INVALID: unsupported,
  CKR_ATTRIBUTE_VALUE_INVALID: unsupported,
  CKR_TEMPLATE_INCOMPLETE: unsupported,
  CKR_TEMPLATE_INCONSISTENT: unsupported,
}

/**
 * What `C_Decrypt` returns where a tag or a padding does not verify. SoftHSM2 has no better value than the general error;
 * that is why these mean it of `C_Decrypt` alone, once `C_DecryptInit` has accepted key and mechanism.
 */
const authenticationFailures: ReadonlySet<string> = new Set([
  'CKR_ENCRYPTED_DATA_INVALID',
  'CKR_ENCRYPTED_DATA_LEN_RANGE',
  'CKR_AEAD_DECRYPT_FAILED',
  'CKR_DATA_INVALID',
  'CKR_DATA_LEN_RANGE',
  'CKR_SIGNATURE_INVALID',
  'CKR_SIGNATURE_LEN_RANGE',
  'CKR_GENERAL_ERROR',
  'CKR_FUNCTION_FAILED',
])

/** The `CKR_` name of what a module returned, or `null` where the error is another. */
export function returnValue(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  return /^CKR_\w+/.exec(error.message)?.[0] ?? null
}

export const isReturn = (error: unknown, ...names: readonly string[]): boolean => {
  const name = returnValue(error)
  return name !== null && names.includes(name)
}

export const saysNotAuthentic = (error: unknown): boolean => isReturn(error, ...authenticationFailures)

/** As a module would say it, had it not left out what only a user sees. */
export const loginLost = (): Error => new Error('CKR_USER_NOT_LOGGED_IN')

/** As a module would say it that knows when a token goes. Some go on with what they had read. */
export const tokenGone = (cause: unknown): Error => new Error('CKR_TOKEN_NOT_PRESENT', { cause })

/** The module shows no such token. */
export class MissingToken extends TokenError {
  override readonly name = 'TokenError'
}

/** What to make again before the call is repeated; `null` where repeating would not help. */
export function lossOf(error: unknown): Loss | null {
  if (error instanceof MissingToken) return 'token'
  const name = returnValue(error)
  return (name === null ? undefined : meanings[name]?.loss) ?? null
}

/** Says in our terms what a module returned. `what` names what was tried, on what. Other errors pass as they are. */
export function tokenError(error: unknown, what: string): unknown {
  const name = returnValue(error)
  if (name === null) return error
  const { code, text } = meanings[name] ?? failed
  return new TokenError(code, `${what}: ${text} (${name})`, { cause: error })
}
