import { IV_LENGTH, TAG_LENGTH } from '@bongtu/crypto'
import { toHex } from './bytes.ts'
import { frameAround, frameWithin } from './cms-frame.ts'

/**
 * A ciphertext blob, byte by byte. It has the shape and the lengths of the blobs that AWS KMS answers (184 bytes for a
 * 32-byte data key), so that nothing which knows those is surprised; the content is ours, and neither service opens a
 * blob of the other.
 *
 *     offset  length
 *          0       5  01 02 v 00 78; v = 02 from Encrypt and ReEncrypt, 03 from GenerateDataKey…
 *          5      32  HBKID, the id of the backing key: all that is needed to find key, policy and token
 *         37       1  01
 *         38      16  N, random: the key of this one encryption is derived from the backing key and it
 *         54       4  length of all that follows, big endian
 *         58       f  the frame: a DER CMS EncryptedData (RFC 5652 §8, RFC 5084; `cms-frame.ts`) up to its content, with
 *                     12 random bytes in it, the initialisation vector. f = 67 for plaintexts of up to 35 bytes, then
 *                     up to 77; the vector stands 17 to 19 bytes before the frame's end
 *     58 + f      11  encrypted: 62 6f 6e 67 74 75 2d 6b 6d 73 01 ("bongtu-kms", 1)
 *     69 + f   …4096  encrypted: the plaintext
 *                 16  tag of AES-256-GCM
 *
 * The additional data is the first 58 bytes, then the encoded encryption context. All other bytes of the frame are a
 * function of the length, and compared with it, so no byte of a blob changes unnoticed.
 */
export interface CiphertextBlob {
  /** The first 58 bytes. */
  readonly header: Uint8Array
  readonly backingKeyId: Uint8Array
  readonly nonce: Uint8Array
  readonly iv: Uint8Array
  /** Ciphertext and tag. */
  readonly sealed: Uint8Array
}

export const HEADER_LENGTH = 58
export const NONCE_LENGTH = 16
export const INNER_HEADER: Uint8Array = new TextEncoder().encode('bongtu-kms\x01')
export const MAX_PLAINTEXT_LENGTH = 4096
/** The longest blob that the API takes. Ours are shorter. */
export const MAX_BLOB_LENGTH = 6144

const BACKING_KEY_ID_AT = 5
export const BACKING_KEY_ID_LENGTH = 32
const NONCE_AT = 38
const LENGTH_AT = 54
const MIN_CONTENT_LENGTH = INNER_HEADER.length + 1 + TAG_LENGTH

/** Where a blob comes from: its third byte. */
export const BLOB_VARIANTS = { encrypt: 2, dataKey: 3 } as const
export type BlobVariant = keyof typeof BLOB_VARIANTS

/** The HBKID of a blob as 64 hex digits, or `null` where the bytes are no blob. Nothing is authenticated yet. */
export function backingKeyIdOf(blob: Uint8Array): string | null {
  const parsed = parseBlob(blob)
  return parsed && toHex(parsed.backingKeyId)
}

/** Views into the blob; `null` where the bytes are no blob. */
export function parseBlob(blob: Uint8Array): CiphertextBlob | null {
  if (blob.length < HEADER_LENGTH + MIN_CONTENT_LENGTH || blob.length > MAX_BLOB_LENGTH) return null
  const variant = blob[2]
  if (variant !== BLOB_VARIANTS.encrypt && variant !== BLOB_VARIANTS.dataKey) return null
  if (blob[0] !== 1 || blob[1] !== 2 || blob[3] !== 0 || blob[4] !== 0x78 || blob[37] !== 1) return null
  const length = new DataView(blob.buffer, blob.byteOffset).getUint32(LENGTH_AT)
  if (length !== blob.length - HEADER_LENGTH) return null
  const frame = frameWithin(length)
  if (frame === null) return null
  const body = blob.subarray(HEADER_LENGTH)
  const ivEnd = frame.ivAt + IV_LENGTH
  for (let i = 0; i < frame.contentAt; i++) {
    if ((i < frame.ivAt || i >= ivEnd) && body[i] !== frame.prefix[i]) return null
  }
  return {
    header: blob.subarray(0, HEADER_LENGTH),
    backingKeyId: blob.subarray(BACKING_KEY_ID_AT, BACKING_KEY_ID_AT + BACKING_KEY_ID_LENGTH),
    nonce: blob.subarray(NONCE_AT, NONCE_AT + NONCE_LENGTH),
    iv: body.subarray(frame.ivAt, ivEnd),
    sealed: body.subarray(frame.contentAt),
  }
}

/** A blob whose header, frame, nonce and initialisation vector stand; `content` is to be filled with ciphertext and tag. */
export function blankBlob(
  variant: BlobVariant,
  backingKeyId: Uint8Array,
  nonce: Uint8Array,
  iv: Uint8Array,
  plaintextLength: number,
): { blob: Uint8Array; header: Uint8Array; content: Uint8Array } {
  const contentLength = INNER_HEADER.length + plaintextLength + TAG_LENGTH
  const frame = frameAround(contentLength)
  const blob = new Uint8Array(HEADER_LENGTH + frame.contentAt + contentLength)
  blob.set([1, 2, BLOB_VARIANTS[variant], 0, 0x78])
  blob.set(backingKeyId, BACKING_KEY_ID_AT)
  blob[37] = 1
  blob.set(nonce, NONCE_AT)
  new DataView(blob.buffer).setUint32(LENGTH_AT, frame.contentAt + contentLength)
  blob.set(frame.prefix, HEADER_LENGTH)
  blob.set(iv, HEADER_LENGTH + frame.ivAt)
  return { blob, header: blob.subarray(0, HEADER_LENGTH), content: blob.subarray(HEADER_LENGTH + frame.contentAt) }
}
