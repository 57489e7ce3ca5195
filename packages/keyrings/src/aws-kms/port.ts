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

/** How the clients of `@aws-sdk/client-kms` tell which Region they call. */
export interface KmsConfig {
  readonly region: () => Promise<string>
}

/**
 * The calls of AWS KMS that the keyrings make. The `KMS` client of `@aws-sdk/client-kms` has this shape as it is, and so
 * have `kmsClient` of this package and whatever a test puts in its place.
 */
export interface Kms {
  generateDataKey(request: GenerateDataKeyRequest, options?: KmsCallOptions): Promise<KmsAnswer>
  encrypt(request: EncryptRequest, options?: KmsCallOptions): Promise<KmsAnswer>
  decrypt(request: DecryptRequest, options?: KmsCallOptions): Promise<KmsAnswer>
  readonly config?: KmsConfig
  /** Needed only where key ids and aliases are resolved. */
  describeKey?(request: DescribeKeyRequest, options?: KmsCallOptions): Promise<DescribeKeyAnswer>
}

/** `KMSClient` of `@aws-sdk/client-kms`, which takes commands instead of calls. */
export interface KmsCommandClient {
  readonly config?: KmsConfig
  /** Takes the SDK's own commands, whose types are not imported here. */
  send(command: never, options: never): Promise<unknown>
}

/** A request and an answer of the KMS protocol, as bytes. Header names are in lower case, but for `x-amzn-RequestId`. */
export interface EmbeddedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface EmbeddedResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** A KMS within the process that serves every Region, such as `localKms()` of `@bongtu/kms`. */
export interface EmbeddedKms {
  readonly entry: (request: EmbeddedRequest) => Promise<EmbeddedResponse>
  clientConfig(identity?: { readonly region?: string }): {
    readonly region: string
    readonly credentials: {
      readonly accessKeyId: string
      readonly secretAccessKey: string
      readonly sessionToken?: string
    }
  }
}
