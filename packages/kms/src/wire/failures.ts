import { HsmError, type HsmErrorCode } from '../hsm/port.ts'
import { StoreError } from '../store/store.ts'
import { KmsError, type KmsErrorCode } from './errors.ts'

/** What the caller can be told of an HSM's refusal. What is missing here is the service's own fault. */
const HSM_ERRORS: Readonly<Partial<Record<HsmErrorCode, KmsErrorCode>>> = {
  invalidCiphertext: 'InvalidCiphertextException',
  invalidImportToken: 'InvalidImportTokenException',
  expiredImportToken: 'ExpiredImportTokenException',
  materialNotUnwrapped: 'InvalidCiphertextException',
  invalidMaterial: 'IncorrectKeyMaterialException',
}

/** A value that no shape forbids and that cannot be used: the HSM's words name it. */
const REFUSED: HsmErrorCode = 'invalidParameter'

/** Any throw as the caller is told it: faults of the service without what lies behind them. */
export function toKmsError(error: unknown): KmsError {
  if (error instanceof KmsError) return error
  if (error instanceof HsmError) {
    if (error.code === REFUSED) return new KmsError('ValidationException', error.message)
    const code = HSM_ERRORS[error.code]
    return code === undefined ? new KmsError('KMSInternalException') : new KmsError(code)
  }
  if (error instanceof StoreError) return ofStore(error)
  return new KmsError('KMSInternalException')
}

function ofStore(error: StoreError): KmsError {
  if (error.code === 'busy' || error.code === 'conflict')
    return new KmsError('DependencyTimeoutException', error.message)
  return new KmsError('KMSInternalException', error.message)
}
