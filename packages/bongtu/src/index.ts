export * from '@bongtu/client'
export {
  type BypassReason,
  type CacheEvent,
  type DataKeyCacheOptions,
  type DataKeyCacheStats,
  dataKeyCache,
  type EvictionReason,
  type LocalDataKeyCache,
} from '@bongtu/data-key-cache'
export {
  type AwsKmsDiscoveryOptions,
  type AwsKmsOptions,
  awsKms,
  awsKmsDiscovery,
  awsKmsMrk,
  awsKmsMrkDiscovery,
  cacheClients,
  type DiscoveryFilter,
  type EmbeddedKms,
  excludeRegions,
  type Kms,
  type KmsClientLike,
  type KmsClientOptions,
  type KmsClientSupplier,
  type KmsClients,
  KmsConnectionError,
  type KmsCredentials,
  KmsServiceError,
  kmsClient,
  type LocalKmsLike,
  limitRegions,
  localKmsKeyring,
  regionalClients,
} from '@bongtu/keyrings/aws-kms'
export { type MultiOptions, multi } from '@bongtu/keyrings/multi'
export { type RawAesOptions, rawAes } from '@bongtu/keyrings/raw-aes'
export { type RawRsaOptions, rawRsa } from '@bongtu/keyrings/raw-rsa'
