export type HsmErrorCode =
  /** A parameter is outside its stated bounds. */
  | 'invalidParameter'
  /** No domain is installed: only createDomain, installDomain and generateRandom work. */
  | 'noDomain'
  /** The domain token is older than the installed domain. */
  | 'olderDomain'
  /** The domain token does not open under this root key: another root, or altered. */
  | 'wrongRoot'
  /** The root key is not where it must be. A new one would open nothing. */
  | 'rootMissing'
  /** The token that holds the root key is gone or does not answer. Trying again later may help. */
  | 'rootUnavailable'
  /** Others than the owner may read the root key file. */
  | 'rootUnsafe'
  /** The root key file is not one. */
  | 'rootDamaged'
  /** A token is under a domain key that the installed ring does not hold: install the newest domain, or it departed. */
  | 'unknownDomainKey'
  /** The ring of domain keys is full, and none of them may leave. */
  | 'ringFull'
  /** A key token that was altered, or belongs to another key. */
  | 'invalidToken'
  /** A ciphertext that was altered, or belongs to another backing key or encryption context. */
  | 'invalidCiphertext'
  /** An import token that was altered, or made for another key. */
  | 'invalidImportToken'
  | 'expiredImportToken'
  /** Wrapped key material that does not open under the key of its import token. */
  | 'materialNotUnwrapped'
  /** Key material of the wrong length for its spec. */
  | 'invalidMaterial'

/** The one error of the port. `code` says what happened; it crosses a session as `code` and `message`. */
export class HsmError extends Error {
  readonly code: HsmErrorCode

  constructor(code: HsmErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'HsmError'
    this.code = code
  }
}
