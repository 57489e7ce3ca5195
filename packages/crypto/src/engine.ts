/** Synchronous where the platform is (Node), a promise where it is not (WebCrypto). */
export type Awaitable<T> = T | Promise<T>

export type HashName = 'sha256' | 'sha384' | 'sha512'
export type SigningCurve = 'p256' | 'p384'
export type AgreementCurve = 'p256' | 'p384' | 'p521'
export type RsaPadding = 'oaep-sha1' | 'oaep-sha256' | 'oaep-sha384' | 'oaep-sha512' | 'pkcs1'

/** Bytes of an AES-GCM initialisation vector and tag: the only sizes that any engine accepts (SP 800-38D §8.2, §5.2.1.2). */
export const IV_LENGTH = 12
export const TAG_LENGTH = 16

/**
 * A run of equally long frames, sealed or opened in one call.
 *
 * Record `i` starts at `i * recordStride` of `records`. Its initialisation vector stands at `ivOffset` in the record, its
 * ciphertext at `contentOffset`, and its tag right behind the ciphertext. Its plaintext is the `contentLength` bytes of
 * `plaintext` from `i * contentLength`. Its additional data is `aad` with the 32-bit big-endian number
 * `firstCounter + i` at `aadCounterOffset`; the engine writes the counters into `aad` itself.
 */
export interface FrameBatch {
  readonly count: number
  readonly contentLength: number
  readonly records: Uint8Array
  readonly recordStride: number
  readonly ivOffset: number
  readonly contentOffset: number
  readonly plaintext: Uint8Array
  readonly aad: Uint8Array
  readonly aadCounterOffset: number
  readonly firstCounter: number
}

/** AES-GCM under one key, with 12-byte initialisation vectors and 16-byte tags. */
export interface AesGcm {
  /** Ciphertext followed by the tag: `plaintext.length + 16` bytes. */
  seal(iv: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Awaitable<Uint8Array>
  /** `null` where the tag does not verify, or where `sealed` is shorter than a tag. */
  open(iv: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Awaitable<Uint8Array<ArrayBuffer> | null>
  /** Reads ivs and plaintext, writes ciphertexts and tags into `records`. */
  sealFrames(batch: FrameBatch): Awaitable<void>
  /** Reads `records`, writes `plaintext`. Answers how many leading frames verified; the plaintext of all others is zeroed. */
  openFrames(batch: FrameBatch): Awaitable<number>
}

/** Hashes what it is given and signs the digest once. */
export interface Signer {
  update(bytes: Uint8Array): void
  /** The DER signature over everything given so far. */
  sign(): Awaitable<Uint8Array>
}

export interface Verifier {
  update(bytes: Uint8Array): void
  /** False for a wrong signature and for anything that is not strict DER with r and s in [1, n-1]. */
  verify(signature: Uint8Array): Awaitable<boolean>
}

/** An ECDSA key pair that does not show its private half. */
export interface SigningKey {
  readonly curve: SigningCurve
  /** The compressed point: 33 bytes for P-256, 49 for P-384. */
  readonly publicKey: Uint8Array
  /** A fresh signer: P-256 hashes with SHA-256, P-384 with SHA-384. */
  signer(): Signer
}

/** An imported ECDH private key, never shown. */
export interface AgreementKey {
  readonly curve: AgreementCurve
  /** The compressed point: 33, 49 or 67 bytes. */
  readonly publicKey: Uint8Array
  /** The x coordinate of the shared point: 32, 48 or 66 bytes. `null` where the peer's point is not on the curve. */
  agree(publicKey: Uint8Array): Awaitable<Uint8Array | null>
}

export interface RsaPublicKey {
  /** Bytes of the modulus. */
  readonly modulusLength: number
  readonly modulusBits: number
  readonly publicExponent: bigint
  /** Throws a RangeError where the plaintext is too long for the modulus and padding. */
  encrypt(padding: RsaPadding, plaintext: Uint8Array): Awaitable<Uint8Array>
}

export interface RsaPrivateKey {
  readonly modulusLength: number
  /**
   * `null` where the ciphertext does not open. With `pkcs1` a platform with implicit rejection answers random bytes
   * instead of `null`, so the caller must treat every answer as possibly random.
   */
  decrypt(padding: RsaPadding, ciphertext: Uint8Array): Awaitable<Uint8Array | null>
}

/** PEM text (SPKI, PKCS#8 or PKCS#1 where the platform reads it), DER bytes, a JWK, a CryptoKey, or a node KeyObject. */
export type KeyInput = string | Uint8Array | object

/** One output of HKDF: `length` bytes expanded with `info`. */
export interface HkdfOutput {
  readonly info: Uint8Array
  readonly length: number
}

/** The primitives that bongtu builds on, by one platform. It knows no format, no suite and no provider. */
export interface Engine {
  readonly name: string
  /** RSA paddings that this platform can encrypt with. Empty where it has no RSA. */
  readonly rsaEncryptPaddings: readonly RsaPadding[]
  readonly rsaDecryptPaddings: readonly RsaPadding[]

  /** Why this engine can do nothing in the runtime that it is in; `null` if it can. Absent: it always can. */
  unavailable?(): string | null

  random(length: number): Uint8Array
  /** Compares in time that depends on the lengths only. Unequal lengths are unequal. */
  equal(a: Uint8Array, b: Uint8Array): boolean

  hash(name: HashName, bytes: Uint8Array): Awaitable<Uint8Array>
  hmac(name: HashName, key: Uint8Array, bytes: Uint8Array): Awaitable<Uint8Array>
  /** RFC 5869: extracts once, then expands once for each output. */
  hkdf(
    name: HashName,
    keyMaterial: Uint8Array,
    salt: Uint8Array,
    outputs: readonly HkdfOutput[],
  ): Awaitable<Uint8Array[]>
  /** SP 800-108 §4.1 in counter mode with HMAC: PRF(key, counter as 32 bits ‖ fixedInput), `length` bytes. */
  counterKdf(name: HashName, key: Uint8Array, fixedInput: Uint8Array, length: number): Awaitable<Uint8Array>

  /** Copies the key, which has 16, 24 or 32 bytes; the caller may zero its own at once. */
  aesGcm(key: Uint8Array): Awaitable<AesGcm>

  generateSigningKey(curve: SigningCurve): Awaitable<SigningKey>
  /** Throws a TypeError where the bytes are not a compressed point of the curve. */
  verifier(curve: SigningCurve, publicKey: Uint8Array): Awaitable<Verifier>

  generateAgreementKey(curve: AgreementCurve): Awaitable<AgreementKey>
  importAgreementKey(curve: AgreementCurve, privateKey: KeyInput): Awaitable<AgreementKey>
  /** The compressed point of a public key given as SPKI, JWK or a SEC 1 point. Throws a TypeError where it is not on the curve. */
  importAgreementPublicKey(curve: AgreementCurve, publicKey: KeyInput): Awaitable<Uint8Array>

  /** Throws a TypeError where it is not an RSA public key. A private key is refused: its public half is not derived. */
  importRsaPublicKey(key: KeyInput): Awaitable<RsaPublicKey>
  importRsaPrivateKey(key: KeyInput): Awaitable<RsaPrivateKey>
}
