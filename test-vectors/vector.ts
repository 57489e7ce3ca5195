/** What a vector gives to the reader beside the message and keys: options of `decrypt`, by the same names. */
export interface VectorOptions {
  readonly commitmentPolicy?: 'require-encrypt-allow-decrypt'
  readonly encryptionContext?: Readonly<Record<string, string>>
  readonly maxEncryptedDataKeys?: number
  readonly maxHeaderLength?: number
  readonly maxFrameLength?: number
  readonly maxPlaintextLength?: number
  readonly allowNet400Messages?: true
}

interface Vector {
  readonly name: string
  /** Base64. */
  readonly message: string
  /** Where one part of the message ends and the next begins, in bytes. */
  readonly boundaries: readonly number[]
  /** Names of wrapping keys in `keys.json`, in the order in which the reader is given them. */
  readonly keys: readonly string[]
  readonly options?: VectorOptions
}

/** A message that every reader opens. */
export interface AcceptVector extends Vector {
  /** Base64. */
  readonly plaintext: string
  /** The authenticated encryption context: the header's, and the required pairs beside it. */
  readonly encryptionContext: Readonly<Record<string, string>>
}

export type RejectCode =
  | 'ERR_MALFORMED'
  | 'ERR_TRUNCATED'
  | 'ERR_UNSUPPORTED'
  | 'ERR_LIMIT'
  | 'ERR_POLICY'
  | 'ERR_CONTEXT'
  | 'ERR_NO_KEY'
  | 'ERR_AUTHENTICATION'

/** A message that every reader refuses, for one reason. */
export interface RejectVector extends Vector {
  readonly error: RejectCode
  /** Base64 of the most plaintext that a streaming reader may have released when it refuses. */
  readonly mayRelease: string
}

export interface VectorGroup<V> {
  readonly about: string
  readonly vectors: readonly V[]
}

/** A wrapping key of `keys.json`. */
export type VectorKey =
  | { readonly type: 'raw-aes'; readonly namespace: string; readonly name: string; readonly key: string }
  | {
      readonly type: 'raw-rsa'
      readonly namespace: string
      readonly name: string
      readonly padding: 'oaep-sha1' | 'oaep-sha256' | 'oaep-sha384' | 'oaep-sha512'
      readonly publicKey: string
      readonly privateKey: string
    }

export interface VectorKeys {
  readonly wrapping: Readonly<Record<string, VectorKey>>
  /** What the messages are signed with, PKCS #8 in PEM: only whoever generates vectors needs it. */
  readonly signing: Readonly<Record<'p256' | 'p384', string>>
}
