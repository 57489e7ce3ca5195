import { writeUint16, writeUint32 } from './bytes.ts'
import type { EncryptedDataKey } from './encrypted-data-key.ts'
import { type EncryptionContext, encodeEncryptionContext } from './encryption-context.ts'
import { IV_BYTES, MAX_FRAME_LENGTH, TAG_BYTES } from './frame.ts'
import type { AlgorithmSuite } from './suites.ts'
import { encodeUtf8 } from './text.ts'

export type MessageVersion = 1 | 2
export type ContentType = 'framed' | 'non-framed'

/** What a message says of itself before its body (message-header.md). Nothing in it is authentic until its tag verified. */
export interface Header {
  readonly version: MessageVersion
  readonly suite: AlgorithmSuite
  /** 16 bytes in version 1, 32 in version 2. */
  readonly messageId: Uint8Array
  /** Without the required pairs, which only the tag covers. */
  readonly encryptionContext: EncryptionContext
  /** One at least, 65,535 at most. */
  readonly encryptedDataKeys: readonly EncryptedDataKey[]
  /** Non-framed messages are read, never written. */
  readonly contentType: ContentType
  /** Bytes of content in a regular frame: 1 to 2^32-1, or 0 in a non-framed message. */
  readonly frameLength: number
  /** The algorithm suite data: 32 bytes in version 2, none in version 1. */
  readonly commitment: Uint8Array
}

/**
 * A header as it was received. Its arrays are copies of the input; `bytes` and `authenticationBytes` share no memory with
 * the fields, so that whoever writes to a field does not change what is authenticated.
 */
export interface DecodedHeader {
  readonly header: Header
  /** The header body as received: this, and never a re-encoding, is what the tag authenticates. */
  readonly bytes: Uint8Array
  /** In version 2 the initialisation vector is not sent and twelve zero bytes. */
  readonly authentication: { readonly iv: Uint8Array; readonly tag: Uint8Array }
  /** As received: iv ‖ tag in version 1, the tag in version 2. The signature covers it. */
  readonly authenticationBytes: Uint8Array
  /** Bytes of body and authentication: where the message's body begins. */
  readonly length: number
}

/** The first byte behind the version in version 1: "customer authenticated encrypted data". */
export const MESSAGE_TYPE = 0x80
export const CONTENT_TYPE_BYTES: Readonly<Record<ContentType, number>> = { 'non-framed': 1, framed: 2 }
/** Bytes of algorithm suite data in version 2. */
export const COMMITMENT_LENGTH = 32

const MAX_FIELD = 0xffff
/** Bytes of version 1 that are kept for later, all zero. */
const RESERVED_LENGTH = 4
/** Bytes of a header body beside message id, encryption context, encrypted data keys and suite data (message-header.md). */
const FIXED_LENGTH: Readonly<Record<MessageVersion, number>> = { 1: 18, 2: 12 }

/** 16 bytes in version 1, 32 in version 2. */
export function messageIdLength(version: MessageVersion): 16 | 32 {
  return version === 1 ? 16 : 32
}

/** Twelve zero bytes: the initialisation vector of the header's tag that every writer uses. */
export function headerIv(): Uint8Array {
  return new Uint8Array(IV_BYTES)
}

/** Version 1: twelve zero bytes ‖ tag. Version 2: the tag. Throws a RangeError unless the tag has 16 bytes. */
export function encodeHeaderAuthentication(version: MessageVersion, tag: Uint8Array): Uint8Array {
  if (tag.length !== TAG_BYTES) throw new RangeError(`a header tag has ${TAG_BYTES} bytes, not ${tag.length}`)
  return version === 1 ? concat([headerIv(), tag]) : tag.slice()
}

/**
 * The header body of a framed message, in the one canonical form. Throws a RangeError for a field that does not fit or
 * does not belong together, a TypeError for a provider id that UTF-8 cannot write, and ERR_CONTEXT as `encryptionContext` does.
 */
export function encodeHeaderBody(header: Header): Uint8Array {
  checkHeader(header)
  const { version, suite, messageId, encryptedDataKeys, frameLength, commitment } = header
  const context = encodeEncryptionContext(header.encryptionContext)
  const keyFields = encryptedDataKeys.flatMap(encryptedDataKeyFields)
  const keysLength = keyFields.reduce((sum, { length }) => sum + 2 + length, 0)
  const body = new Uint8Array(
    FIXED_LENGTH[version] + messageId.length + context.length + keysLength + commitment.length,
  )
  let at = 0
  const put = (bytes: Uint8Array): void => {
    body.set(bytes, at)
    at += bytes.length
  }
  const putUint16 = (value: number): void => {
    writeUint16(body, at, value)
    at += 2
  }
  body[at++] = version
  if (version === 1) body[at++] = MESSAGE_TYPE
  putUint16(suite.id)
  put(messageId)
  putUint16(context.length)
  put(context)
  putUint16(encryptedDataKeys.length)
  for (const field of keyFields) {
    putUint16(field.length)
    put(field)
  }
  body[at++] = CONTENT_TYPE_BYTES.framed
  if (version === 1) {
    at += RESERVED_LENGTH
    body[at++] = IV_BYTES
  }
  writeUint32(body, at, frameLength)
  body.set(commitment, at + 4)
  return body
}

function checkHeader(header: Header): void {
  const { version, suite, messageId, encryptedDataKeys, contentType, frameLength, commitment } = header
  if (suite.messageVersion !== version) {
    throw new RangeError(`${suite.name} belongs to message version ${suite.messageVersion}, not ${version}`)
  }
  if (contentType !== 'framed') throw new RangeError('only framed messages are written')
  if (!Number.isInteger(frameLength) || frameLength < 1 || frameLength > MAX_FRAME_LENGTH) {
    throw new RangeError(`a frame length is a whole number from 1 to ${MAX_FRAME_LENGTH} bytes, not ${frameLength}`)
  }
  expectLength('message id', messageId, messageIdLength(version))
  expectLength('commitment', commitment, version === 1 ? 0 : COMMITMENT_LENGTH)
  if (encryptedDataKeys.length < 1 || encryptedDataKeys.length > MAX_FIELD) {
    throw new RangeError(`a header holds 1 to ${MAX_FIELD} encrypted data keys, not ${encryptedDataKeys.length}`)
  }
}

function expectLength(what: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length)
    throw new RangeError(`the ${what} has ${bytes.length} bytes where it must have ${length}`)
}

function encryptedDataKeyFields({ providerId, keyInfo, ciphertext }: EncryptedDataKey): Uint8Array[] {
  const provider = encodeUtf8(providerId)
  if (provider === null) throw new TypeError('a provider id holds a surrogate without its other half')
  return [fitting('provider id', provider), fitting('key info', keyInfo), fitting('ciphertext', ciphertext)]
}

function fitting(what: string, field: Uint8Array): Uint8Array {
  if (field.length <= MAX_FIELD) return field
  throw new RangeError(`the ${what} of an encrypted data key has ${field.length} bytes; at most ${MAX_FIELD} fit`)
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
