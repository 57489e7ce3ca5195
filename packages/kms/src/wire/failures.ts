import { HsmError, type HsmErrorCode } from '../hsm/port.ts'
import { StoreError, type StoreErrorCode } from '../store/store.ts'
import { KmsError, type KmsErrorCode } from './errors.ts'

/** What the caller can be told of an HSM's refusal. What is missing here is the service's own fault. */
const HSM_ERRORS: Readonly<Partial<Record<HsmErrorCode, KmsErrorCode>>> = {
  invalidCiphertext: 'InvalidCiphertextException',
  invalidImportToken: 'InvalidImportTokenException',
  expiredImportToken: 'ExpiredImportTokenException',
  materialNotUnwrapped: 'InvalidCiphertextException',
  invalidMaterial: 'IncorrectKeyMaterialException',
  rootUnavailable: 'KeyUnavailableException',
  invalidToken: 'KeyUnavailableException',
  unknownDomainKey: 'KeyUnavailableException',
}

/** A value that no shape forbids and that cannot be used: the HSM's words name it. */
const REFUSED: HsmErrorCode = 'invalidParameter'

/** What the caller can be told of a failure of the store, where he can do something about it. Its own words name files. */
const STORE_ERRORS: Readonly<Partial<Record<StoreErrorCode, readonly [KmsErrorCode, string]>>> = {
  full: ['KMSInternalException', 'The store has no space left. Nothing was changed.'],
  readOnly: ['KMSInternalException', 'The store can only be read. Nothing was changed.'],
  damaged: ['KeyUnavailableException', 'What the store holds of the key cannot be read. Run bongtu kms doctor.'],
  busy: ['DependencyTimeoutException', 'Another process holds the store. Nothing was changed: try again.'],
  conflict: [
    'DependencyTimeoutException',
    'Others changed the same key all the while. Nothing was changed: try again.',
  ],
}

/** Any throw as the caller is told it: faults of the service without what lies behind them. */
export function toKmsError(error: unknown): KmsError {
  if (error instanceof KmsError) return error
  if (error instanceof HsmError) {
    if (error.code === REFUSED) return new KmsError('ValidationException', error.message)
    const code = HSM_ERRORS[error.code]
    return code === undefined ? new KmsError('KMSInternalException') : new KmsError(code)
  }
  const told = error instanceof StoreError ? STORE_ERRORS[error.code] : undefined
  return told === undefined ? new KmsError('KMSInternalException') : new KmsError(...told)
}
