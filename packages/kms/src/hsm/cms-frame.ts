/**
 * The DER that CMS puts around AES-256-GCM ciphertext, as a function of the content's length:
 *
 *     SEQUENCE {
 *       OBJECT IDENTIFIER encryptedData (1.2.840.113549.1.7.6)
 *       [0] { SEQUENCE {
 *         INTEGER 0
 *         SEQUENCE {
 *           OBJECT IDENTIFIER data (1.2.840.113549.1.7.1)
 *           SEQUENCE { OBJECT IDENTIFIER aes256-GCM (2.16.840.1.101.3.4.1.46), SEQUENCE { OCTET STRING iv, INTEGER 16 } }
 *           [0] content: ciphertext and tag
 *         } } } }
 *
 * Content and initialisation vector are the only bytes that are not fixed by the length.
 */
export interface Frame {
  /** All bytes before the content; those of the initialisation vector are zero. */
  readonly prefix: Uint8Array
  readonly ivAt: number
  readonly contentAt: number
}

const IV_LENGTH = 12
const ENCRYPTED_DATA = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06]
const DATA = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]
const AES_256_GCM = [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2e]
const VERSION_0 = [0x02, 0x01, 0x00]
const IV_TAG = [0x04, 0x0c]
const TAG_LENGTH_16 = [0x02, 0x01, 0x10]
const PARAMETERS = [...IV_TAG, ...new Array<number>(IV_LENGTH).fill(0), ...TAG_LENGTH_16]
const ALGORITHM = tagged(0x30, [...AES_256_GCM, ...tagged(0x30, PARAMETERS)])

/** An inner header, 4096 bytes of plaintext and a tag fit. */
export const MAX_CONTENT_LENGTH = 4123
const SHORTEST_PREFIX = build(0).contentAt
const LONGEST_PREFIX = build(MAX_CONTENT_LENGTH).contentAt

const byContentLength = new Map<number, Frame>()

/** The frame around `contentLength` bytes of ciphertext and tag, at most `MAX_CONTENT_LENGTH`. */
export function frameAround(contentLength: number): Frame {
  const known = byContentLength.get(contentLength)
  if (known !== undefined) return known
  const frame = build(contentLength)
  byContentLength.set(contentLength, frame)
  return frame
}

/** The frame whose bytes and content are `length` bytes together, or `null` where there is none within the bounds. */
export function frameWithin(length: number): Frame | null {
  for (let prefix = LONGEST_PREFIX; prefix >= SHORTEST_PREFIX; prefix--) {
    const contentLength = length - prefix
    if (contentLength < 0 || contentLength > MAX_CONTENT_LENGTH) continue
    const frame = frameAround(contentLength)
    if (frame.contentAt === prefix) return frame
  }
  return null
}

function build(contentLength: number): Frame {
  const around = (tag: number, inside: readonly number[]): number[] => [
    tag,
    ...derLength(inside.length + contentLength),
    ...inside,
  ]
  const info = around(0x30, [...DATA, ...ALGORITHM, 0x80, ...derLength(contentLength)])
  const data = around(0xa0, around(0x30, [...VERSION_0, ...info]))
  const prefix = Uint8Array.from(around(0x30, [...ENCRYPTED_DATA, ...data]))
  const contentHeader = 1 + derLength(contentLength).length
  return {
    prefix,
    ivAt: prefix.length - contentHeader - TAG_LENGTH_16.length - IV_LENGTH,
    contentAt: prefix.length,
  }
}

function tagged(tag: number, bytes: readonly number[]): number[] {
  return [tag, ...derLength(bytes.length), ...bytes]
}

function derLength(length: number): number[] {
  if (length < 0x80) return [length]
  if (length < 0x100) return [0x81, length]
  return [0x82, length >> 8, length & 0xff]
}
