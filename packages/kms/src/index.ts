export type { AccessKey } from './access-key/access-key.ts'
export { accessKeyFile, readAccessKey, rotateAccessKey } from './access-key/access-key-file.ts'
export type { BackupToRead } from './domain/put-back.ts'
export type { DomainHealth, UnreadableToken } from './domain-health.ts'
export type { Fault, Faults } from './faults.ts'
export type { RootKey, RootKeySource } from './hsm/factory.ts'
export { HsmError, type HsmErrorCode } from './hsm/port.ts'
export type { DomainKeyOverview, KeyOverview, MaterialOverview } from './key-overview.ts'
export type { Duration, KmsClock } from './kms-clock.ts'
export type { KmsStatus } from './kms-status.ts'
export {
  type ClientIdentity,
  DEFAULT_ACCOUNT,
  DEFAULT_REGION,
  type KmsClientConfig,
  type KmsSettings,
  type LocalKms,
  type LocalKmsOptions,
  localKms,
} from './local-kms.ts'
export type { KmsPlace } from './place.ts'
export type { Readiness } from './readiness.ts'
export { type RestoreKmsOptions, restoreKms } from './restore-kms.ts'
export { parseSeed } from './seed/read-seed.ts'
export type { Seed, SeedAlias, SeedCredential, SeedKey, SeedRotation } from './seed/seed.ts'
export type { LogLevel } from './server/log.ts'
export { DEFAULT_PORT, type KmsServer, type ServerOptions, startServer } from './server/start-server.ts'
export { StoreError, type StoreErrorCode } from './store/store.ts'
export type { CallRecord } from './wire/entry.ts'
export { KmsError, type KmsErrorCode } from './wire/errors.ts'
export type { WireRequest, WireResponse } from './wire/message.ts'
