/** A data key wrapped under one wrapping key, as the header carries it. Each field is at most 65,535 bytes long. */
export interface EncryptedDataKey {
  /** Which kind of keyring wrote it: `aws-kms`, or the namespace of a raw keyring. */
  readonly providerId: string
  /** Which wrapping key: a key ARN as UTF-8, a raw key's name, or a binary structure. Kept as bytes: it need not be text. */
  readonly keyInfo: Uint8Array
  readonly ciphertext: Uint8Array
}
