import type { EncryptedDataKey } from './encrypted-data-key.ts'

/** Every way in which bongtu refuses: a closed union, one meaning each. `docs/errors.md` says what to do about each. */
export type ErrorCode =
  | 'ERR_MALFORMED'
  | 'ERR_TRUNCATED'
  | 'ERR_UNSUPPORTED'
  | 'ERR_LIMIT'
  | 'ERR_POLICY'
  | 'ERR_CONTEXT'
  | 'ERR_NO_KEY'
  | 'ERR_KEYRING'
  | 'ERR_AUTHENTICATION'

/** Why one keyring did not open one encrypted data key. */
export interface UnwrapAttempt {
  readonly encryptedDataKey: EncryptedDataKey
  /** The name of the keyring that was asked. */
  readonly keyring: string
  /** Why it was passed over, in words that name keys but never key bytes or context values. */
  readonly reason: string
  readonly cause?: unknown
}

export interface BongtuErrorOptions {
  readonly cause?: unknown
  readonly attempts?: readonly UnwrapAttempt[]
}

const brand: unique symbol = Symbol.for('bongtu.error') as never

/** The one error class. Caller mistakes are `TypeError` or `RangeError`; everything else is this, told apart by `code`. */
export class BongtuError extends Error {
  readonly code: ErrorCode
  /** With `ERR_NO_KEY`: every encrypted data key against every keyring tried. Empty otherwise. */
  readonly attempts: readonly UnwrapAttempt[]

  constructor(code: ErrorCode, message: string, options: BongtuErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {})
    this.name = 'BongtuError'
    this.code = code
    this.attempts = options.attempts ?? []
    Object.defineProperty(this, brand, { value: true })
  }

  /** Recognises a BongtuError of any installed copy of bongtu; with `code`, only that one. */
  static is(value: unknown, code?: ErrorCode): value is BongtuError {
    if (typeof value !== 'object' || value === null || !(brand in value)) return false
    return code === undefined || ('code' in value && value.code === code)
  }
}

/**
 * The one refusal for a wrong tag, commitment or signature: constant text and no cause, so that nothing tells which
 * of them failed.
 */
export function authenticationFailed(detail?: string): BongtuError {
  const message = 'the message did not authenticate: it was altered, or it was encrypted under another key or context'
  return new BongtuError('ERR_AUTHENTICATION', detail === undefined ? message : `${message} (${detail})`)
}
