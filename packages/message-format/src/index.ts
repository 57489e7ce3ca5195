export type { DecodedPart } from './decoded-part.ts'
export { MessageDecoder } from './decoder.ts'
export type { DecoderLimits } from './decoder-limits.ts'
export type { EncryptedDataKey } from './encrypted-data-key.ts'
export {
  decodeEncryptionContext,
  type EncryptionContext,
  encodeEncryptionContext,
  encryptionContext,
  PUBLIC_KEY_CONTEXT_KEY,
  RESERVED_CONTEXT_PREFIX,
} from './encryption-context.ts'
export {
  authenticationFailed,
  BongtuError,
  type BongtuErrorOptions,
  type ErrorCode,
  type UnwrapAttempt,
} from './errors.ts'
export { encodeFooter } from './footer.ts'
export {
  type BodyKind,
  bodyAad,
  bodyAadCounterOffset,
  FINAL_FRAME_CONTENT_OFFSET,
  FINAL_FRAME_IV_OFFSET,
  FINAL_FRAME_LENGTH_OFFSET,
  FINAL_FRAME_MARKER,
  FINAL_FRAME_OVERHEAD,
  FINAL_FRAME_SEQUENCE_OFFSET,
  MAX_FRAME_LENGTH,
  MAX_FRAMES,
  MAX_NON_FRAMED_LENGTH,
  NON_FRAMED_CONTENT_OFFSET,
  NON_FRAMED_IV_OFFSET,
  NON_FRAMED_LENGTH_OFFSET,
  NON_FRAMED_OVERHEAD,
  REGULAR_FRAME_CONTENT_OFFSET,
  REGULAR_FRAME_IV_OFFSET,
  REGULAR_FRAME_OVERHEAD,
  writeFinalFrameHeader,
  writeRegularFrameHeader,
} from './frame.ts'
export {
  type ContentType,
  type DecodedHeader,
  encodeHeaderAuthentication,
  encodeHeaderBody,
  type Header,
  headerIv,
  type MessageVersion,
  messageIdLength,
} from './header.ts'
export {
  type BodyLayout,
  bodyLength,
  type EncryptedDataKeyLengths,
  encryptedLength,
  frameOffset,
  type HeaderDescription,
  headerLength,
  type LengthBounds,
  type MessageDescription,
  plaintextLengthOf,
} from './length.ts'
export { recognise } from './recognise.ts'
export {
  type AlgorithmSuite,
  algorithmSuites,
  type KdfHash,
  type SuiteName,
  type SuiteSignature,
  suiteById,
  suiteHex,
  suiteNamed,
} from './suites.ts'
