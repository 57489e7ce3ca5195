/** What the keyrings send with every call. */
interface KmsRequest {
  readonly EncryptionContext?: Record<string, string>
  readonly GrantTokens?: string[]
}

export interface GenerateDataKeyRequest extends KmsRequest {
  readonly KeyId: string
  readonly NumberOfBytes: number
}

export interface EncryptRequest extends KmsRequest {
  readonly KeyId: string
  readonly Plaintext: Uint8Array
}

export interface DecryptRequest extends KmsRequest {
  readonly KeyId: string
  readonly CiphertextBlob: Uint8Array
}

export interface DescribeKeyRequest {
  readonly KeyId: string
  readonly GrantTokens?: string[]
}

export interface KmsAnswer {
  /** The ARN of the key that did it. */
  readonly KeyId?: string | undefined
  readonly Plaintext?: Uint8Array | undefined
  readonly CiphertextBlob?: Uint8Array | undefined
}

export interface DescribeKeyAnswer {
  readonly KeyMetadata?: { readonly Arn?: string | undefined } | undefined
}

export interface KmsCallOptions {
  readonly abortSignal?: AbortSignal
}

/**
 * The calls of AWS KMS that the keyrings make. The `KMS` client of `@aws-sdk/client-kms` has this shape as it is, and so
 * have `kmsClient` of this package and whatever a test puts in its place.
 */
export interface Kms {
  generateDataKey(request: GenerateDataKeyRequest, options?: KmsCallOptions): Promise<KmsAnswer>
  encrypt(request: EncryptRequest, options?: KmsCallOptions): Promise<KmsAnswer>
  decrypt(request: DecryptRequest, options?: KmsCallOptions): Promise<KmsAnswer>
  /** The Region that it calls, as the clients of `@aws-sdk/client-kms` tell it. */
  readonly config?: { readonly region: () => Promise<string> }
  /** Needed only where aliases are resolved. */
  describeKey?(request: DescribeKeyRequest, options?: KmsCallOptions): Promise<DescribeKeyAnswer>
}

/** `KMSClient` of `@aws-sdk/client-kms`, which takes commands instead of calls. */
export interface KmsCommandClient {
  readonly config?: { readonly region: () => Promise<string> }
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's own types of command and answer are not imported here.
  send(command: any, options?: any): Promise<any>
}
