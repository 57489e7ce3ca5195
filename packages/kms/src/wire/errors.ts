/** Modelled exceptions of the KMS API. */
const MODELLED = [
  'AlreadyExistsException',
  'CloudHsmClusterInUseException',
  'CloudHsmClusterInvalidConfigurationException',
  'CloudHsmClusterNotActiveException',
  'CloudHsmClusterNotFoundException',
  'CloudHsmClusterNotRelatedException',
  'ConflictException',
  'CustomKeyStoreHasCMKsException',
  'CustomKeyStoreInvalidStateException',
  'CustomKeyStoreNameInUseException',
  'CustomKeyStoreNotFoundException',
  'DependencyTimeoutException',
  'DisabledException',
  'DryRunOperationException',
  'ExpiredImportTokenException',
  'IncorrectKeyException',
  'IncorrectKeyMaterialException',
  'IncorrectTrustAnchorException',
  'InvalidAliasNameException',
  'InvalidArnException',
  'InvalidCiphertextException',
  'InvalidGrantIdException',
  'InvalidGrantTokenException',
  'InvalidImportTokenException',
  'InvalidKeyUsageException',
  'InvalidMarkerException',
  'KMSInternalException',
  'KMSInvalidMacException',
  'KMSInvalidSignatureException',
  'KMSInvalidStateException',
  'KeyUnavailableException',
  'LimitExceededException',
  'MalformedPolicyDocumentException',
  'NotFoundException',
  'TagException',
  'UnsupportedOperationException',
  'XksKeyAlreadyInUseException',
  'XksKeyInvalidConfigurationException',
  'XksKeyNotFoundException',
  'XksProxyIncorrectAuthenticationCredentialException',
  'XksProxyInvalidConfigurationException',
  'XksProxyInvalidResponseException',
  'XksProxyUriEndpointInUseException',
  'XksProxyUriInUseException',
  'XksProxyUriUnreachableException',
  'XksProxyVpcEndpointServiceInUseException',
  'XksProxyVpcEndpointServiceInvalidConfigurationException',
  'XksProxyVpcEndpointServiceNotFoundException',
] as const

/** What the front of every AWS service answers; no model names them. */
const COMMON = [
  'AccessDeniedException',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InternalFailure',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'NotAuthorizedException',
  'SerializationException',
  'ServiceUnavailableException',
  'ThrottlingException',
  'UnknownOperationException',
  'UnrecognizedClientException',
  'ValidationException',
] as const

export type KmsErrorCode = (typeof MODELLED)[number] | (typeof COMMON)[number]

export const errorCodes: readonly KmsErrorCode[] = [...MODELLED, ...COMMON]

/** Errors of the service's own making; clients retry them. Everything else is answered with 400, not-found included. */
const STATUS: Readonly<Partial<Record<KmsErrorCode, number>>> = {
  DependencyTimeoutException: 500,
  InternalFailure: 500,
  KMSInternalException: 500,
  KeyUnavailableException: 500,
  ServiceUnavailableException: 503,
}

/** The one error that operations throw. `message` is `undefined` where AWS sends no message member at all. */
export class KmsError extends Error {
  readonly code: KmsErrorCode
  readonly text: string | undefined

  constructor(code: KmsErrorCode, text?: string) {
    super(text ?? code)
    this.name = 'KmsError'
    this.code = code
    this.text = text
  }

  get status(): number {
    return STATUS[this.code] ?? 400
  }
}

/** A caller's mistake that no shape can express. */
export function invalid(text: string): KmsError {
  return new KmsError('ValidationException', text)
}
