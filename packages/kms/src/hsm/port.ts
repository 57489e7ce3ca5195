/**
 * The command port of the HSM: everything that crosses the trust boundary, and nothing else.
 *
 * Decisions that callers may rely on:
 *
 * - **No clear backing key, domain key or root key crosses, in either direction.** Key material goes out only as an
 *   exported key token and comes in only as a token or wrapped under an RSA key that the HSM made.
 * - **The HSM keeps no keys of customers.** Every command carries the tokens it needs; whoever calls keeps them in a
 *   store. The HSM holds one thing: the domain (its ring of domain keys) that was installed last.
 * - **Commands and answers are plain serialisable data**: strings, finite numbers, booleans, `Uint8Array`, arrays and
 *   records of those. Within one process they cross as they are; between processes they can be sealed into an
 *   authenticated session frame, signed by a quorum, and replayed against another member of the domain, because a
 *   command names everything it acts on and depends on no object identity.
 * - **A change of the domain has two phases**: `createDomain` and `rotateDomainKey` answer a new domain token and change
 *   nothing, not even in the HSM that answered; `installDomain` switches. Between the two, the caller commits the token
 *   to its store in one transaction with the key tokens that `rewrapTokens` moved under it.
 * - **Failures are `HsmError`s told apart by `code`.** They name keys, never key bytes, plaintext or context values.
 */

export { backingKeyIdOf } from './ciphertext-blob.ts'
export type { EncryptionContext } from './encryption-context.ts'
export { HsmError, type HsmErrorCode } from './errors.ts'
export { MAX_DOMAIN_KEYS } from './key-ring.ts'
export { domainKeyIdOf, tokenBackingKeyIdOf } from './key-token.ts'

import type { EncryptionContext } from './encryption-context.ts'

/** Kinds of key material that backing keys may have. `SYMMETRIC_DEFAULT`: 256 bits. */
export type KeySpec = 'SYMMETRIC_DEFAULT'

/** RSA keys that wrap imported material. */
export type WrappingKeySpec = 'RSA_2048' | 'RSA_3072' | 'RSA_4096'

/** How imported material is wrapped. RSAES_PKCS1_V1_5 is gone from AWS since 2023 and is not here. */
export type WrappingAlgorithm =
  | 'RSAES_OAEP_SHA_1'
  | 'RSAES_OAEP_SHA_256'
  | 'RSA_AES_KEY_WRAP_SHA_1'
  | 'RSA_AES_KEY_WRAP_SHA_256'

/**
 * The KMS key that a token belongs to. Tokens are bound to all three members: a token presented for another key is
 * refused. Each member is 1 to 255 characters of printable ASCII.
 */
export interface KeyName {
  readonly account: string
  readonly region: string
  /** A UUID or `mrk-` and 32 hex digits, never an ARN. */
  readonly keyId: string
}

/**
 * A backing key as the HSM takes it: the exported key token, and the key it must belong to.
 */
export interface BackingKeyRef {
  readonly key: KeyName
  readonly token: Uint8Array
}

/** A backing key as the HSM answers it, to be stored. */
export interface ExportedBackingKey {
  readonly token: Uint8Array
  /**
   * 64 lower-case hex digits: the HBKID, which is also the KeyMaterialId of the API. It is derived from the material,
   * the account and the key id, so that the same material imported again into the same key has the same id, in every
   * Region of a multi-Region key, while the same material under two keys has two. It tells nothing about the material.
   */
  readonly backingKeyId: string
}

/** Every command with its parameters and its answer. */
export interface HsmCommands {
  /** A new domain token, version 1, with one fresh active domain key. Changes nothing. */
  createDomain: { readonly parameters: Record<never, never>; readonly answer: DomainToken }
  /**
   * A new domain token: a fresh key is active and the active one deactivated. Domain keys with an id in `leaving` leave, which
   * must be those that no stored token is under. `ringFull` if more than 32 keys would stay. Changes nothing.
   */
  rotateDomainKey: { readonly parameters: { readonly leaving: readonly string[] }; readonly answer: DomainToken }
  /** Switches to the domain of the token. Refuses one that is older than the installed one (`olderDomain`). */
  installDomain: { readonly parameters: { readonly domain: Uint8Array }; readonly answer: DomainStatus }
  domainStatus: { readonly parameters: Record<never, never>; readonly answer: DomainStatus }
  /**
   * Moves tokens under the active key. 1 to 1000, answered in order; a token that does not open does not keep the others from it.
   * `from`: a domain token under the same root, of a backup for one, whose keys open the tokens in place of the installed ones.
   */
  rewrapTokens: {
    readonly parameters: { readonly tokens: readonly BackingKeyRef[]; readonly from?: Uint8Array }
    readonly answer: { readonly tokens: readonly RewrappedToken[] }
  }

  createBackingKey: {
    readonly parameters: { readonly key: KeyName; readonly spec: KeySpec }
    readonly answer: ExportedBackingKey
  }
  /** Makes an RSA key whose private half leaves only inside `importToken` (at most 6144 bytes). */
  createImportParameters: {
    readonly parameters: {
      readonly key: KeyName
      readonly wrappingKeySpec: WrappingKeySpec
      readonly wrappingAlgorithm: WrappingAlgorithm
    }
    readonly answer: {
      /** DER SubjectPublicKeyInfo. */
      readonly publicKey: Uint8Array
      readonly importToken: Uint8Array
      /** Milliseconds since 1970: 24 hours after the HSM's clock. */
      readonly validTo: number
    }
  }
  /**
   * `expiredImportToken`, `invalidImportToken` (altered, of another key), `materialNotUnwrapped` (the ciphertext does
   * not open), `invalidMaterial` (wrong length for the spec). Whether this is the material that the key had before is
   * for the caller to tell by `backingKeyId`, before it stores anything.
   */
  importKeyMaterial: {
    readonly parameters: {
      readonly key: KeyName
      readonly spec: KeySpec
      readonly importToken: Uint8Array
      readonly encryptedKeyMaterial: Uint8Array
    }
    readonly answer: ExportedBackingKey
  }

  /** Plaintext of 1 to 4096 bytes. */
  encrypt: {
    readonly parameters: BackingKeyRef & {
      readonly plaintext: Uint8Array
      readonly encryptionContext: EncryptionContext
    }
    readonly answer: { readonly ciphertextBlob: Uint8Array }
  }
  /** `backingKeyIdOf(ciphertextBlob)` says whose token to bring. `invalidCiphertext` for whatever does not open. */
  decrypt: {
    readonly parameters: BackingKeyRef & CiphertextRef
    readonly answer: { readonly plaintext: Uint8Array }
  }
  /** The plaintext never leaves the HSM. */
  reEncrypt: {
    readonly parameters: {
      readonly source: BackingKeyRef & CiphertextRef
      readonly destination: BackingKeyRef & { readonly encryptionContext: EncryptionContext }
    }
    readonly answer: { readonly ciphertextBlob: Uint8Array }
  }
  /** A data key of 1 to 1024 bytes. The caller owns the plaintext and zeroes it. */
  generateDataKey: {
    readonly parameters: BackingKeyRef & GenerateDataKeyParameters
    readonly answer: { readonly ciphertextBlob: Uint8Array; readonly plaintext: Uint8Array }
  }
  /** A data key whose plaintext never leaves the HSM. */
  generateDataKeyWithoutPlaintext: {
    readonly parameters: BackingKeyRef & GenerateDataKeyParameters
    readonly answer: { readonly ciphertextBlob: Uint8Array }
  }
  /** 1 to 1024 bytes of the operating system's generator, through Node. */
  generateRandom: {
    readonly parameters: { readonly numberOfBytes: number }
    readonly answer: { readonly bytes: Uint8Array }
  }
}

export interface CiphertextRef {
  readonly ciphertextBlob: Uint8Array
  readonly encryptionContext: EncryptionContext
}

export interface GenerateDataKeyParameters {
  readonly numberOfBytes: number
  readonly encryptionContext: EncryptionContext
}

/** A token under the active domain key, or the reason why the given token did not open. */
export type RewrappedToken = { readonly token: Uint8Array } | { readonly refused: 'invalidToken' | 'unknownDomainKey' }

/** The exported state of a domain, opaque outside the HSM: today the key ring sealed by the root key. */
export interface DomainToken {
  readonly domain: Uint8Array
  /** Counts from 1; every rotation adds one. Stores compare and set on it. */
  readonly version: number
}

export interface DomainStatus {
  readonly version: number
  /** Newest first; the first is active, the others only unwrap. */
  readonly domainKeys: readonly {
    /** 32 hex digits. */
    readonly id: string
    /** Milliseconds since 1970. */
    readonly createdAt: number
  }[]
}

export type CommandName = keyof HsmCommands
export type CommandParameters<C extends CommandName> = HsmCommands[C]['parameters']
export type CommandAnswer<C extends CommandName> = HsmCommands[C]['answer']

/** One HSM, or a session with one. */
export interface Hsm {
  execute<C extends CommandName>(command: C, parameters: CommandParameters<C>): Promise<CommandAnswer<C>>
}
