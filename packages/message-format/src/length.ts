import { type EncryptionContext, encryptionContextLength, PUBLIC_KEY_CONTEXT_KEY } from './encryption-context.ts'
import { BongtuError } from './errors.ts'
import { FINAL_FRAME_OVERHEAD, MAX_FRAME_LENGTH, MAX_FRAMES, REGULAR_FRAME_OVERHEAD } from './frame.ts'
import type { AlgorithmSuite } from './suites.ts'
import { encodeUtf8 } from './text.ts'

/** What is needed of an encrypted data key to know its length; an `EncryptedDataKey` is one. */
export interface EncryptedDataKeyLengths {
  readonly providerId: string
  readonly keyInfo: { readonly length: number }
  readonly ciphertext: { readonly length: number }
}

/** What is needed of a header to know its length; a `Header` is one. */
export interface HeaderDescription {
  readonly suite: AlgorithmSuite
  /**
   * The pairs that the header carries: without required ones. The public key of a signed suite may be left out and is
   * then added.
   */
  readonly encryptionContext?: EncryptionContext
  readonly encryptedDataKeys: readonly EncryptedDataKeyLengths[]
}

/** Either the header's description or, where it is known, its length. */
export type MessageDescription = {
  readonly plaintextLength: number
  readonly frameLength: number
} & (HeaderDescription | { readonly suite: AlgorithmSuite; readonly headerLength: number })

/** Bytes: equal for unsigned suites. A DER signature has no fixed length. */
export interface LengthBounds {
  readonly minimum: number
  readonly maximum: number
}

/** How a framed body of a given length divides. */
export interface BodyLayout {
  readonly plaintextLength: number
  /** Frames before the final one, each with exactly the frame length of content. */
  readonly regularFrames: number
  readonly finalContentLength: number
}

/** SEQUENCE of two INTEGERs of one byte each: no DER signature is shorter. */
const MIN_SIGNATURE_LENGTH = 8
/** Base64 of a compressed point. */
const publicKeyTextLength = { p256: 44, p384: 68 } as const
/** Fixed bytes with no context and no key, authentication included (message-header.md). */
const emptyHeaderLength = { 1: 62, 2: 92 } as const

/** The longest field of a header, and the most encrypted data keys. */
const MAX_FIELD = 0xffff

/**
 * Bytes of a header that `encodeHeaderBody` and `encodeHeaderAuthentication` write. Throws as they do for what no header
 * holds: ERR_CONTEXT for the context, a RangeError or TypeError for encrypted data keys.
 */
export function headerLength({ suite, encryptionContext = {}, encryptedDataKeys }: HeaderDescription): number {
  if (encryptedDataKeys.length > MAX_FIELD) {
    throw new RangeError(`a header holds at most ${MAX_FIELD} encrypted data keys, not ${encryptedDataKeys.length}`)
  }
  const keys = encryptedDataKeys.reduce((sum, key) => sum + encryptedDataKeyLength(key), 0)
  return emptyHeaderLength[suite.messageVersion] + contextLength(suite, encryptionContext) + keys
}

/**
 * Bytes of a whole message: exact for an unsigned suite, bounds for a signed one. Throws a RangeError for lengths that
 * are no whole numbers, for more frames than a message may have, and for a sum over 2^53-1.
 */
export function encryptedLength(message: MessageDescription): LengthBounds {
  const header = 'headerLength' in message ? message.headerLength : headerLength(message)
  const { signature } = message.suite
  const unsigned = wholeNumber('header', header, 1) + bodyLength(message.plaintextLength, message.frameLength)
  const footer = signature === null ? [0, 0] : [2 + MIN_SIGNATURE_LENGTH, 2 + signature.maxSignatureLength]
  const [shortest = 0, longest = 0] = footer
  return { minimum: safe(unsigned + shortest), maximum: safe(unsigned + longest) }
}

/** Bytes of the framed body of this many bytes of plaintext: the final frame is full where they divide evenly. */
export function bodyLength(plaintextLength: number, frameLength: number): number {
  wholeNumber('plaintext', plaintextLength, 0)
  checkFrameLength(frameLength)
  const inFinal = plaintextLength === 0 ? 0 : ((plaintextLength - 1) % frameLength) + 1
  const regularFrames = (plaintextLength - inFinal) / frameLength
  if (regularFrames >= MAX_FRAMES) {
    throw new RangeError(
      `${plaintextLength} bytes take more than ${MAX_FRAMES} frames of ${frameLength} bytes: choose a larger frame length`,
    )
  }
  return safe(plaintextLength + regularFrames * REGULAR_FRAME_OVERHEAD + FINAL_FRAME_OVERHEAD)
}

/**
 * How the framed body of a message divides, footer left out: both for writers that end with a full final frame and for
 * those that add an empty one. Throws ERR_TRUNCATED where it is too short for a final frame, and ERR_MALFORMED where no
 * message of this frame length has such a length.
 */
export function plaintextLengthOf(bodyLength: number, frameLength: number): BodyLayout {
  wholeNumber('body', bodyLength, 0)
  checkFrameLength(frameLength)
  const content = bodyLength - FINAL_FRAME_OVERHEAD
  if (content < 0) throw new BongtuError('ERR_TRUNCATED', 'the message ends before its final frame')
  const stride = frameLength + REGULAR_FRAME_OVERHEAD
  const finalContentLength = content % stride
  const regularFrames = (content - finalContentLength) / stride
  if (finalContentLength > frameLength || regularFrames >= MAX_FRAMES) {
    throw new BongtuError(
      'ERR_MALFORMED',
      `a body of ${bodyLength} bytes does not divide into frames of ${frameLength} bytes: the message was cut or extended`,
    )
  }
  return { plaintextLength: regularFrames * frameLength + finalContentLength, regularFrames, finalContentLength }
}

/** Where frame `sequence` (from 1) begins, in bytes from the start of the body. */
export function frameOffset(sequence: number, frameLength: number): number {
  if (!Number.isInteger(sequence) || sequence < 1 || sequence > MAX_FRAMES) {
    throw new RangeError(`a sequence number is a whole number from 1 to ${MAX_FRAMES}, not ${sequence}`)
  }
  checkFrameLength(frameLength)
  return safe((sequence - 1) * (frameLength + REGULAR_FRAME_OVERHEAD))
}

function contextLength(suite: AlgorithmSuite, context: EncryptionContext): number {
  const length = encryptionContextLength(context)
  if (suite.signature === null || Object.hasOwn(context, PUBLIC_KEY_CONTEXT_KEY)) return length
  const pair = 4 + PUBLIC_KEY_CONTEXT_KEY.length + publicKeyTextLength[suite.signature.curve]
  const full = (length === 0 ? 2 : length) + pair
  if (full <= MAX_FIELD) return full
  throw new BongtuError(
    'ERR_CONTEXT',
    `with the public key of its suite the encryption context takes ${full} bytes in the header, which holds at most ${MAX_FIELD}`,
  )
}

function encryptedDataKeyLength({ providerId, keyInfo, ciphertext }: EncryptedDataKeyLengths): number {
  const provider = encodeUtf8(providerId)
  if (provider === null) throw new TypeError('a provider id holds a surrogate without its other half')
  const fields = { 'provider id': provider, 'key info': keyInfo, ciphertext }
  for (const [what, { length }] of Object.entries(fields)) wholeNumber(what, length, 0, MAX_FIELD)
  return 6 + provider.length + keyInfo.length + ciphertext.length
}

function checkFrameLength(frameLength: number): void {
  if (!Number.isInteger(frameLength) || frameLength < 1 || frameLength > MAX_FRAME_LENGTH) {
    throw new RangeError(`a frame length is a whole number from 1 to ${MAX_FRAME_LENGTH} bytes, not ${frameLength}`)
  }
}

function wholeNumber(what: string, value: number, least: number, most: number = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new RangeError(`the ${what} must be a whole number of bytes from ${least} to ${most}, not ${value}`)
  }
  return value
}

function safe(length: number): number {
  if (!Number.isSafeInteger(length)) throw new RangeError('the length is over 2^53-1 bytes')
  return length
}
