import { readUint16, readUint32 } from './bytes.ts'
import type { DecoderLimits } from './decoder-limits.ts'
import type { EncryptedDataKey } from './encrypted-data-key.ts'
import { decodeEncryptionContext } from './encryption-context.ts'
import { BongtuError } from './errors.ts'
import { IV_BYTES, TAG_BYTES } from './frame.ts'
import {
  COMMITMENT_LENGTH,
  CONTENT_TYPE_BYTES,
  type ContentType,
  type DecodedHeader,
  headerIv,
  MESSAGE_TYPE,
  type MessageVersion,
  messageIdLength,
} from './header.ts'
import type { Input } from './input.ts'
import { RECOGNISED_FROM, recognise } from './recognise.ts'
import { type AlgorithmSuite, suiteById } from './suites.ts'
import { decodeUtf8 } from './text.ts'

/** A part of the decoder that stops at `yield null` until more input is there, and goes on where it stopped. */
export type Step<Result> = Generator<null, Result, void>

/** The header as it is read: all of its bytes so far, in one piece, and how far they are understood. */
interface Reader {
  /** Whether the next `length` bytes are there now; refuses first where the header would grow over its limit. */
  has(length: number): boolean
  /** A view of the reader's own memory, which is never written again. */
  bytes(length: number): Uint8Array
  uint8(): number
  uint16(): number
  uint32(): number
  /** The header from its first byte to the last that was read. */
  whole(): Uint8Array
}

/**
 * Reads a header (message-header.md). Where the first bytes are of no message it waits for up to 32 of them, so that
 * the error names the same thing however the input is cut; at an earlier end of input, `notAMessage` is the answer.
 */
export function* decodeHeader(input: Input, limits: DecoderLimits): Step<DecodedHeader> {
  const version = yield* decodeVersion(input)
  const reader = headerReader(input, limits.maxHeaderLength)
  while (!reader.has((version === 1 ? 4 : 3) + messageIdLength(version) + 2)) yield null
  reader.bytes(version === 1 ? 2 : 1)
  const suite = decodeSuite(version, reader.uint16())
  const messageId = reader.bytes(messageIdLength(version))
  const contextLength = reader.uint16()
  while (!reader.has(contextLength + 2)) yield null
  const encryptionContext = decodeEncryptionContext(reader.bytes(contextLength))
  const encryptedDataKeys = yield* decodeEncryptedDataKeys(reader, limits.maxEncryptedDataKeys)
  while (!reader.has(version === 1 ? 10 + IV_BYTES + TAG_BYTES : 5 + COMMITMENT_LENGTH + TAG_BYTES)) yield null
  const contentType = decodeContentType(reader.uint8())
  if (version === 1) expectFixedFields(reader.uint32(), reader.uint8())
  const frameLength = decodeFrameLength(contentType, reader.uint32())
  const commitment = reader.bytes(version === 1 ? 0 : COMMITMENT_LENGTH)
  const bodyLength = reader.whole().length
  const iv = version === 1 ? reader.bytes(IV_BYTES) : headerIv()
  const tag = reader.bytes(TAG_BYTES)
  const received = reader.whole().slice()
  return {
    header: { version, suite, messageId, encryptionContext, encryptedDataKeys, contentType, frameLength, commitment },
    bytes: received.subarray(0, bodyLength),
    authentication: { iv, tag },
    authenticationBytes: received.subarray(bodyLength),
    length: received.length,
  }
}

/** Whether so few bytes are already known to begin no message. */
export function isNoMessage(start: Uint8Array): boolean {
  const [version, type = MESSAGE_TYPE] = start
  if (version === undefined) return false
  return version === 1 ? type !== MESSAGE_TYPE : version !== 2
}

/**
 * The refusal of bytes that begin no message. There have only been versions 1 and 2, so that another first byte is
 * another kind of file rather than a later version: ERR_MALFORMED, not ERR_UNSUPPORTED.
 */
export function notAMessage(start: Uint8Array): BongtuError {
  const look = recognise(start)
  const first = Array.from(start.subarray(0, 2), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return new BongtuError(
    'ERR_MALFORMED',
    look === null
      ? `this is no encrypted message: it begins with ${first} where a message has 01 80 or 02`
      : `this is no encrypted message; it looks like ${look}`,
  )
}

/**
 * Why a header was refused, given its bytes so far: where these show that a message went through text, that and not the
 * field which happened to break first.
 */
export function explainHeaderFailure(error: unknown, start: Uint8Array): unknown {
  return recognise(start) === null ? error : notAMessage(start)
}

function* decodeVersion(input: Input): Step<MessageVersion> {
  while (input.gather(1) === null) yield null
  if (input.gathered[0] === 1) while (input.gather(2) === null) yield null
  if (!isNoMessage(input.gathered)) return input.gathered[0] === 1 ? 1 : 2
  while (input.gather(RECOGNISED_FROM) === null) yield null
  throw notAMessage(input.gathered)
}

function headerReader(input: Input, limit: number): Reader {
  let at = 0
  let received = input.gathered
  const advance = (length: number): number => {
    at += length
    return at - length
  }
  return {
    has: (length) => {
      if (at + length > limit) {
        throw new BongtuError(
          'ERR_LIMIT',
          `the header is over the limit of ${limit} bytes: raise maxHeaderLength if you trust where the message comes from`,
        )
      }
      const gathered = input.gather(at + length, limit)
      if (gathered !== null) received = gathered
      return gathered !== null
    },
    bytes: (length) => received.subarray(advance(length), at),
    uint8: () => received[advance(1)] ?? 0,
    uint16: () => readUint16(received, advance(2)),
    uint32: () => readUint32(received, advance(4)),
    whole: () => received.subarray(0, at),
  }
}

function decodeSuite(version: MessageVersion, id: number): AlgorithmSuite {
  const suite = suiteById(id)
  if (suite.messageVersion !== version) {
    throw malformed(`${suite.name} belongs to message version ${suite.messageVersion}, and this is version ${version}`)
  }
  return suite
}

function* decodeEncryptedDataKeys(reader: Reader, limit: number | false): Step<readonly EncryptedDataKey[]> {
  const count = reader.uint16()
  if (count === 0) throw malformed('it holds no encrypted data key')
  if (limit !== false && count > limit) {
    throw new BongtuError(
      'ERR_LIMIT',
      `the header announces ${count} encrypted data keys and the limit is ${limit}: raise maxEncryptedDataKeys if you expect so many`,
    )
  }
  const keys: EncryptedDataKey[] = []
  while (keys.length < count) {
    const providerId = decodeUtf8(yield* decodeField(reader))
    if (providerId === null)
      throw malformed(`the provider id of encrypted data key ${keys.length + 1} is not valid UTF-8`)
    const keyInfo = yield* decodeField(reader)
    const ciphertext = yield* decodeField(reader)
    keys.push({ providerId, keyInfo, ciphertext })
  }
  return keys
}

function* decodeField(reader: Reader): Step<Uint8Array> {
  while (!reader.has(2)) yield null
  const length = reader.uint16()
  while (!reader.has(length)) yield null
  return reader.bytes(length)
}

function decodeContentType(byte: number): ContentType {
  if (byte === CONTENT_TYPE_BYTES.framed) return 'framed'
  if (byte === CONTENT_TYPE_BYTES['non-framed']) return 'non-framed'
  throw malformed(`the content type is ${byte} where it is 1 or 2`)
}

function expectFixedFields(reserved: number, ivLength: number): void {
  if (reserved !== 0) throw malformed('its reserved bytes are not zero')
  if (ivLength !== IV_BYTES) throw malformed(`it states an initialisation vector of ${ivLength} bytes where it has 12`)
}

function decodeFrameLength(contentType: ContentType, frameLength: number): number {
  if (contentType === 'framed' && frameLength === 0) throw malformed('a framed message has a frame length of 0')
  if (contentType === 'non-framed' && frameLength !== 0) throw malformed('a non-framed message has a frame length')
  return frameLength
}

function malformed(why: string): BongtuError {
  return new BongtuError('ERR_MALFORMED', `the header is malformed: ${why}`)
}
