/// <reference lib="esnext.disposable" preserve="true" />
import type { RsaPadding, RsaPublicKey } from '@bongtu/crypto'

/** The paddings for which a private key in a token decrypts. The mask hash is the hash. */
export type OaepPadding = Exclude<RsaPadding, 'pkcs1'>

export const OAEP_PADDINGS: readonly OaepPadding[] = ['oaep-sha1', 'oaep-sha256', 'oaep-sha384', 'oaep-sha512']

/** Which key of a token: by label, by id, or by both. At least one of them. */
export interface KeyRef {
  readonly label?: string
  readonly id?: Uint8Array
}

/** What a token tells of a key. */
export interface TokenKey {
  readonly label: string
  readonly id: Uint8Array
  readonly kind: 'aes' | 'rsa'
  /** Of the key or the modulus; 0 where the token does not tell. */
  readonly bits: number
  /** The token never shows its value in clear. */
  readonly sensitive: boolean
  /** It can leave the token, be it wrapped. */
  readonly extractable: boolean
  /** Whether the token lets it encrypt and decrypt; an RSA key in a token decrypts alone. */
  readonly encrypts: boolean
  readonly decrypts: boolean
}

export interface SealedBytes {
  /** 12 bytes, used once: random, from this process or from the token. */
  readonly iv: Uint8Array
  /** Ciphertext followed by the tag of 16 bytes. */
  readonly ciphertext: Uint8Array
}

/** AES-GCM under a key that stays in its token. Every call rejects with a `TokenError` or with the signal's reason. */
export interface AesTokenKey {
  /** 1 to 16,352 bytes; else a RangeError. */
  seal(plaintext: Uint8Array, aad: Uint8Array, signal?: AbortSignal): Promise<SealedBytes>
  /** `null` where it does not authenticate. The answer is the caller's, who zeroes it. */
  open(sealed: SealedBytes, aad: Uint8Array, signal?: AbortSignal): Promise<Uint8Array | null>
  /** How it is known that this does AES-GCM, in a phrase. Rejects where it does not. */
  proof(signal?: AbortSignal): Promise<string>
}

/** AWS CloudHSM takes 16 KiB at a time, tag included; everybody else takes more. */
export const MAX_SEALED_LENGTH: number = 16_384 - 32

/** Throws a RangeError for what no token seals: nothing, which SoftHSM2 refuses, and too much. */
export function checkSealedLength({ length }: Uint8Array): void {
  if (length > 0 && length <= MAX_SEALED_LENGTH) return
  throw new RangeError(`a token seals 1 to ${MAX_SEALED_LENGTH} bytes, not ${length}`)
}

/** An RSA key whose private half stays in its token. */
export interface RsaTokenKey {
  /** The public half, which encrypts outside; `null` where the token does not show it. */
  publicKey(signal?: AbortSignal): Promise<RsaPublicKey | null>
  /** Bytes of the modulus. */
  modulusLength(signal?: AbortSignal): Promise<number>
  /** `null` where the ciphertext does not open. The answer is the caller's, who zeroes it. */
  decrypt(padding: OaepPadding, ciphertext: Uint8Array, signal?: AbortSignal): Promise<Uint8Array | null>
}

/** A key to make. It is sensitive and never extractable. */
export interface NewKey {
  readonly label: string
  readonly kind: 'aes' | 'rsa'
  /** AES: 128, 192 or 256, by default 256. RSA: 2048, 3072 or 4096, by default 3072. */
  readonly bits?: number
}

/** What holds keys and uses them without showing them: a PKCS#11 device, or a file. `await using` closes it. */
export interface Token extends AsyncDisposable {
  /** How messages name it. Holds no secret. */
  readonly name: string
  keys(signal?: AbortSignal): Promise<readonly TokenKey[]>
  /** The key is looked up when it is first used, and again after the token was lost. */
  aesKey(key: KeyRef): AesTokenKey
  rsaKey(key: KeyRef): RsaTokenKey
  /**
   * Fails with `keyExists` where a key of this kind has the label: two of a label could not be told apart. Where another
   * process made one at the same time, both are there, and it fails with `severalSuchKeys`. Where the signal
   * aborts while the token is at it, the key may be made all the same.
   */
  generateKey(key: NewKey, signal?: AbortSignal): Promise<TokenKey>
  /** Gives up its sessions or forgets its keys. Calls under way finish; later ones fail with `closed`. */
  close(): Promise<void>
}

/** How messages name a key. */
export function keyText({ label, id }: KeyRef): string {
  const parts = [
    ...(label === undefined ? [] : [`labelled ${JSON.stringify(label)}`]),
    ...(id === undefined ? [] : [`with id ${Buffer.from(id).toString('hex')}`]),
  ]
  return parts.join(' ')
}
