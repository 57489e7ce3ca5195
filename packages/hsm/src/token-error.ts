/** What went wrong with a token. A closed list: callers branch on it. */
export type TokenErrorCode =
  /** The optional package pkcs11js is not installed, or was not built for this platform. */
  | 'noBinding'
  /** The PKCS#11 module cannot be loaded or initialised. */
  | 'noModule'
  | 'noSuchToken'
  | 'severalSuchTokens'
  /** The token holds keys already, and making it anew would destroy them. */
  | 'tokenExists'
  | 'noPin'
  /** The token refused the PIN. It is not tried again in this process. */
  | 'wrongPin'
  /** The token is locked, or one more wrong PIN would lock it. */
  | 'pinLocked'
  | 'pinNotSet'
  | 'noSuchKey'
  | 'severalSuchKeys'
  | 'keyExists'
  /** The key can leave the token. */
  | 'extractableKey'
  /** The token does not permit this key or this user to do that. */
  | 'denied'
  /** The token was there and is not now, or does not answer. Later calls look for it again. */
  | 'unavailable'
  /** All sessions of the token are taken, by other processes too. */
  | 'noSession'
  /** The token lacks the mechanism, or does not do what the mechanism's standard says. */
  | 'unsupported'
  /** Sealed under another key, or altered. Where that is an answer rather than a failure, it is `null`. */
  | 'authenticationFailed'
  /** An embedded token that others own or may read. */
  | 'unsafeFile'
  /** It does not open the embedded token, one is missing, or none seals it. */
  | 'wrongPassphrase'
  /** An embedded token that is not one, or was altered. */
  | 'damagedFile'
  | 'closed'
  /** Everything else; the message holds the name of the return value. */
  | 'failed'

/** The one error of tokens. Its message names tokens and keys, never a PIN, a passphrase or key bytes. */
export class TokenError extends Error {
  readonly code: TokenErrorCode

  constructor(code: TokenErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'TokenError'
    this.code = code
  }
}
