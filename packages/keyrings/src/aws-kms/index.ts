export { KmsConnectionError, KmsServiceError } from './client/errors.ts'
export { type KmsClientOptions, type KmsCredentials, kmsClient } from './client/index.ts'
export {
  cacheClients,
  excludeRegions,
  type KmsClientLike,
  type KmsClientSupplier,
  type KmsClients,
  limitRegions,
  regionalClients,
} from './clients.ts'
export { type AwsKmsDiscoveryOptions, awsKmsDiscovery, awsKmsMrkDiscovery } from './discovery.ts'
export type { DiscoveryFilter } from './discovery-options.ts'
export { type LocalKmsLike, localKmsKeyring } from './local.ts'
export type { EmbeddedKms, Kms, KmsCommandClient } from './port.ts'
export { type AwsKmsOptions, awsKms, awsKmsMrk } from './strict.ts'
