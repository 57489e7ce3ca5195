export type HsmErrorCode =
  /** A parameter is outside its stated bounds. */
  | 'invalidParameter'
  /** No domain is installed: only createDomain, installDomain and generateRandom work. */
  | 'noDomain'
  /** The domain token is older than the installed domain. */
  | 'olderDomain'
  /** The domain token does not open under this root key: another root, or altered. */
  | 'wrongRoot'
  /** A token is under a domain key that the installed ring does not hold: install the newest domain, or it departed. */
  | 'unknownDomainKey'
  /** A key token that was altered, or belongs to another key. */
  | 'invalidToken'
  | 'invalidCiphertext'
  | 'invalidImportToken'
  | 'expiredImportToken'
  | 'materialNotUnwrapped'
  | 'invalidMaterial'

/** The one error of the port. `code` says what happened; it crosses a session as `code` and `message`. */
export class HsmError extends Error {
  readonly code: HsmErrorCode

  constructor(code: HsmErrorCode, message: string) {
    super(message)
    this.name = 'HsmError'
    this.code = code
  }
}
