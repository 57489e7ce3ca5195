export type { Engine } from '@bongtu/crypto'
export {
  type AlgorithmSuite,
  algorithmSuites,
  BongtuError,
  type EncryptedDataKey,
  type EncryptionContext,
  type ErrorCode,
  encryptedLength,
  type Header,
  type LengthBounds,
  type MessageDescription,
  type SuiteName,
  type UnwrapAttempt,
} from '@bongtu/message-format'
export type { CommitmentPolicy } from './commitment-policy.ts'
export { type Client, type ClientDefaults, createClient } from './create-client.ts'
export type {
  CacheOutcome,
  CacheServed,
  DataKeyCache,
  DecryptionCacheRequest,
  DecryptionMaterials,
  EncryptionCacheRequest,
  EncryptionMaterials,
} from './data-key-cache.ts'
export { type DecryptResult, decrypt } from './decrypt.ts'
export type { DecryptOptions, Unverified } from './decrypt-options.ts'
export { type EncryptResult, encrypt } from './encrypt.ts'
export type { EncryptOptions } from './encrypt-options.ts'
export { type Inspection, type InspectOptions, inspect } from './inspect.ts'
export type {
  Keyring,
  PassedOver,
  UnwrappedDataKey,
  UnwrapRequest,
  WrappedDataKey,
  WrapRequest,
} from './keyring.ts'
export type { OpenedMessage } from './message-reader.ts'
export type { StartedMessage } from './message-writer.ts'
export { type OpenedRange, openRange } from './range.ts'
export type { RandomAccess, RangeSource } from './range-source.ts'
export { type DecryptStream, decryptStream, type EncryptStream, encryptStream } from './streams.ts'
