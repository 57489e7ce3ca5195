import { type OptionNames, readOptions } from '@bongtu/crypto/options'
import type { AccessKey } from './access-key/access-key.ts'
import { authenticationOf, type ClientCredentials, type ClientIdentity, clientCredentials } from './authentication.ts'
import { createClock } from './clock.ts'
import { backup } from './domain/backup.ts'
import { readBackupOptions } from './domain/backup-options.ts'
import { type Domain, openDomain } from './domain/domain.ts'
import type { BackupToRead } from './domain/put-back.ts'
import { keyOfToken } from './domain/quarantine.ts'
import { type DomainHealth, domainHealthOf } from './domain-health.ts'
import type { Faults } from './faults.ts'
import { type KeyOverview, overviewOf } from './key-overview.ts'
import { checkAliasName, checkNewAliasName } from './keys/alias-name.ts'
import { isAccount, isRegion, keyArn } from './keys/arn.ts'
import { keyOfAlias } from './keys/key-of-alias.ts'
import { everyAccount, knownAccounts } from './keys/known-accounts.ts'
import { newKeyId, plainKey } from './keys/new-key.ts'
import { type KmsClock, kmsClock } from './kms-clock.ts'
import { checkSettings, type KmsSettings, SETTINGS } from './kms-settings.ts'
import { type KmsStatus, statusOf } from './kms-status.ts'
import { checkPlace, type KmsPlace, openPlace, PLACE } from './place.ts'
import { defaultPolicy } from './policy/default-policy.ts'
import { type Readiness, readinessOf } from './readiness.ts'
import { applySeed, type SeedDefaults } from './seed/apply-seed.ts'
import { checkSeed } from './seed/read-seed.ts'
import type { Seed } from './seed/seed.ts'
import { seedAccounts } from './seed/seed-accounts.ts'
import { type Service, startService } from './service.ts'
import { type Authenticate, type AuthenticationOptions, createAuthentication } from './wire/authenticate.ts'
import type { Entry } from './wire/entry.ts'
import { handleFetch } from './wire/fetch.ts'
import { createInProcessTransport, type InProcessTransport } from './wire/in-process.ts'

export type { ClientIdentity, KmsSettings }

export type LocalKmsOptions = KmsPlace & KmsSettings

/** What a client of the AWS SDK for JavaScript v3 is made with. */
export interface KmsClientConfig {
  readonly region: string
  readonly endpoint: string
  readonly credentials: ClientCredentials
  readonly requestHandler: InProcessTransport
}

/** A KMS in this process. */
export interface LocalKms {
  /** The plain entry that every other way in leads to. */
  readonly entry: Entry
  /** As a fetch handler. */
  handle(request: Request): Promise<Response>
  /** For `new KMSClient(kms.clientConfig())`: the bytes of the wire, and no socket. */
  clientConfig(identity?: ClientIdentity): KmsClientConfig
  readonly clock: KmsClock
  readonly faults: Faults
  /**
   * The ARN of the key behind an alias of the default account and Region. Both are made where they are missing: once,
   * however many processes ask.
   */
  ensureAlias(name: string): Promise<string>
  status(): Promise<KmsStatus>
  /**
   * Whether it can serve every key now. `unavailable`: another process made a new domain key active, and the token that
   * opens it is gone; asking looks for the token again.
   */
  readiness(): Promise<Readiness>
  /** The keys of all accounts and Regions with their aliases, their materials, and the domain keys that these are under. */
  keys(): AsyncIterable<KeyOverview>
  /** Everything it holds as of one moment, without the root key unless a passphrase of 8 bytes or more seals it. */
  backup(passphrase?: Uint8Array): Promise<Uint8Array>
  /** Opens every key token, and returns what does not open. */
  examine(): Promise<DomainHealth>
  /**
   * Puts key tokens that do not open back from a backup of this KMS, and returns the ARNs of their keys. A TypeError if it is no
   * backup or lacks its passphrase, HsmError `wrongRoot` if it is of another root.
   */
  putBack(from: BackupToRead): Promise<readonly string[]>
  /**
   * Lets the domain keys above those tokens of a key leave that do not open, and returns how many they are: without a backup,
   * what was encrypted under them can then never be decrypted.
   */
  giveUp(keyArn: string): Promise<number>
  /** Makes a new domain key active now, and moves every key token under it. */
  rotateDomainKey(): Promise<void>
  /** Lets work under way finish, and closes the store. */
  close(): Promise<void>
}

const IDENTITY: OptionNames<ClientIdentity> = { account: true, accessKeyId: true, region: true }

export const DEFAULT_ACCOUNT = '111122223333'
export const DEFAULT_REGION = 'us-east-1'

/**
 * Opens a KMS in this process: in memory, in a folder, or (later) on a database. Fails with a TypeError for options or a
 * seed that are not valid, StoreError where the store cannot be opened, and HsmError `rootMissing` or `wrongRoot` where
 * the store's root key is not there.
 */
export async function localKms(options: LocalKmsOptions, seed: Seed = {}): Promise<LocalKms> {
  const read = readOptions('localKms', options, [...Object.keys(PLACE), ...Object.keys(SETTINGS)])
  checkPlace('localKms', read)
  checkSettings('localKms', read)
  return (await openKms(read, checkSeed(seed))).kms
}

/** A KMS, and how a server of it tells callers apart. */
export interface OpenKms {
  readonly kms: LocalKms
  readonly authentication: AuthenticationOptions
  readonly authenticate: Authenticate
  /** For the metrics: nothing is walked for it. */
  domainHealth(): Promise<DomainHealth>
}

/**
 * As `localKms`, with options and a seed that were read and checked. With `ownKey`, which answers the access key of the data folder, every request must be signed with that key
 * if the seed has no credentials.
 */
export async function openKms(
  options: LocalKmsOptions,
  seed: Seed,
  ownKey?: () => AccessKey | undefined,
): Promise<OpenKms> {
  const defaults: SeedDefaults = {
    account: options.account ?? seed.account ?? DEFAULT_ACCOUNT,
    region: options.region ?? seed.region ?? DEFAULT_REGION,
  }
  if (!isAccount(defaults.account) || !isRegion(defaults.region)) {
    throw new TypeError('account must be 12 digits, and region a name such as us-east-1')
  }
  const authentication = authenticationOf(options.auth, seed, defaults, ownKey)
  const authenticate = createAuthentication(authentication)
  const clock = createClock()
  const { store, rootKey } = await openPlace(options)
  try {
    const failed = options.onFailure ?? (() => {})
    const period = options.domainKeyPeriod === undefined ? {} : { rotationPeriod: options.domainKeyPeriod }
    const domain = await openDomain({ store, rootKey, now: clock.now, ...period, report: failed })
    const service = await startService({
      store,
      domain,
      clock,
      authenticate,
      knowsAccount: authentication.enforce
        ? everyAccount
        : knownAccounts(store, new Set([defaults.account, ...seedAccounts(seed)])),
      onCall: options.onCall ?? (() => {}),
      failed,
    })
    await applySeed(service.kms, seed, defaults).catch(async (error: unknown) => {
      await service.close()
      throw error
    })
    const kms = facade(service, domain, authentication, defaults)
    return { kms, authentication, authenticate, domainHealth: () => domainHealthOf(service.kms) }
  } catch (error) {
    await store.close()
    throw error
  }
}

function facade(
  service: Service,
  domain: Domain,
  authentication: AuthenticationOptions,
  { account, region }: SeedDefaults,
): LocalKms {
  const { kms, entry, faults } = service
  return {
    entry,
    handle: (request) => handleFetch(entry, request),
    clientConfig(given = {}) {
      const identity = readOptions('clientConfig', given, IDENTITY)
      return {
        region: identity.region ?? region,
        endpoint: 'http://localhost',
        credentials: clientCredentials(authentication, identity),
        requestHandler: createInProcessTransport(entry),
      }
    },
    clock: kmsClock(service),
    faults,
    async ensureAlias(name) {
      const place = { account, region }
      const blank = (now: number) => {
        checkNewAliasName(name)
        return plainKey(place, newKeyId(false), now, defaultPolicy(place))
      }
      return keyArn({ ...place, keyId: await keyOfAlias(kms, place, checkAliasName(name), blank) })
    },
    status: () => statusOf(kms),
    readiness: () => readinessOf(domain),
    keys: () => overviewOf(kms),
    backup: (passphrase) => backup({ store: kms.store, domain, ...(passphrase === undefined ? {} : { passphrase }) }),
    async examine() {
      await domain.examine()
      return domainHealthOf(kms)
    },
    putBack: async (from) =>
      (await domain.putBack(readBackupOptions('putBack', from))).map((id) => keyArn(keyOfToken(id))),
    giveUp: (arn) => domain.giveUp((key) => keyArn(key) === arn),
    async rotateDomainKey() {
      await domain.rotate()
    },
    close: service.close,
  }
}
