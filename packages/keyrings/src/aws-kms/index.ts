export { KmsServiceError } from './client/errors.ts'
export { type KmsClientOptions, type KmsCredentials, kmsClient } from './client/index.ts'
export {
  cacheClients,
  excludeRegions,
  type KmsClientSupplier,
  type KmsClients,
  limitRegions,
  regionalClients,
} from './clients.ts'
export { type AwsKmsDiscoveryOptions, awsKmsDiscovery, awsKmsMrkDiscovery, type DiscoveryFilter } from './discovery.ts'
export type { Kms } from './port.ts'
export type { KmsClientLike } from './sdk-client.ts'
export { type AwsKmsOptions, awsKms, awsKmsMrk } from './strict.ts'
