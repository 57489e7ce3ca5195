export * from '@bongtu/client'
export {
  type DataKeyCacheOptions,
  type DataKeyCacheStats,
  dataKeyCache,
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
  excludeRegions,
  type Kms,
  type KmsClientOptions,
  type KmsClientSupplier,
  type KmsClients,
  type KmsCredentials,
  kmsClient,
  limitRegions,
  regionalClients,
} from '@bongtu/keyrings/aws-kms'
export { type MultiOptions, multi } from '@bongtu/keyrings/multi'
export { type RawAesOptions, rawAes } from '@bongtu/keyrings/raw-aes'
export { type RawRsaOptions, rawRsa } from '@bongtu/keyrings/raw-rsa'
