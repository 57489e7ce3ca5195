import { createClock } from './clock.ts'
import { backup } from './domain/backup.ts'
import { type Domain, openDomain } from './domain/domain.ts'
import type { Faults } from './faults.ts'
import { type KeyOverview, overviewOf } from './key-overview.ts'
import { checkAliasName } from './keys/alias-name.ts'
import { isAccount, isRegion, keyArn } from './keys/arn.ts'
import { keyOfAlias } from './keys/key-of-alias.ts'
import { newKeyId, plainKey } from './keys/new-key.ts'
import { type KmsClock, kmsClock } from './kms-clock.ts'
import { type KmsStatus, statusOf } from './kms-status.ts'
import { type KmsPlace, openPlace } from './place.ts'
import { defaultPolicy } from './policy/default-policy.ts'
import { type Readiness, readinessOf } from './readiness.ts'
import { applySeed, type SeedDefaults } from './seed/apply-seed.ts'
import { checkSeed } from './seed/read-seed.ts'
import type { Seed, SeedCredential } from './seed/seed.ts'
import { type Service, startService } from './service.ts'
import type { AuthenticationOptions, Credential } from './wire/authenticate.ts'
import type { CallRecord, Entry } from './wire/entry.ts'
import { handleFetch } from './wire/fetch.ts'
import { createInProcessTransport, type InProcessTransport } from './wire/in-process.ts'

export interface KmsSettings {
  /** The account and Region of requests that name none, and of what the seed says nothing else about. */
  readonly account?: string
  readonly region?: string
  /**
   * `enforce`: every request must be signed with a credential of the seed. `off`: signatures are not looked at, and the
   * access key id tells the account. By default `enforce` where the seed has credentials.
   */
  readonly auth?: 'enforce' | 'off'
  /** Milliseconds that a domain key stays active: one hour to seven days, one day by default. */
  readonly domainKeyPeriod?: number
  /** Told of every request once it is over. */
  readonly onCall?: (record: CallRecord) => void
  /** Told what work in the background threw. */
  readonly onFailure?: (error: unknown) => void
}

export type LocalKmsOptions = KmsPlace & KmsSettings

/** What a client of the AWS SDK for JavaScript v3 is made with. */
export interface KmsClientConfig {
  readonly region: string
  readonly endpoint: string
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
  readonly requestHandler: InProcessTransport
}

/** Who a client is: an account, or an access key of the seed; the first one there by default. */
export interface ClientIdentity {
  /** 12 digits. Only where signatures are not checked. */
  readonly account?: string
  readonly accessKeyId?: string
  readonly region?: string
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
  /** Makes a new domain key active now, and moves every key token under it. */
  rotateDomainKey(): Promise<void>
  /** Lets work under way finish, and closes the store. */
  close(): Promise<void>
}

export const DEFAULT_ACCOUNT = '111122223333'
export const DEFAULT_REGION = 'us-east-1'

/**
 * Opens a KMS in this process: in memory, in a folder, or (later) on a database. Fails with a TypeError for options or a
 * seed that are not valid, StoreError where the store cannot be opened, and HsmError `rootMissing` or `wrongRoot` where
 * the store's root key is not there.
 */
export async function localKms(options: LocalKmsOptions, seed: Seed = {}): Promise<LocalKms> {
  checkSeed(seed)
  const defaults: SeedDefaults = {
    account: options.account ?? seed.account ?? DEFAULT_ACCOUNT,
    region: options.region ?? seed.region ?? DEFAULT_REGION,
  }
  if (!isAccount(defaults.account) || !isRegion(defaults.region)) {
    throw new TypeError('an account has 12 digits, and a Region a name such as us-east-1')
  }
  const authentication = authenticationOf(options, seed, defaults)
  const clock = createClock()
  const { store, rootKey } = await openPlace(options)
  try {
    const period = options.domainKeyPeriod === undefined ? {} : { rotationPeriod: options.domainKeyPeriod }
    const domain = await openDomain({ store, rootKey, now: clock.now, ...period })
    const service = await startService({
      store,
      domain,
      clock,
      authentication,
      onCall: options.onCall ?? (() => {}),
      failed: options.onFailure ?? (() => {}),
    })
    await applySeed(service.kms, domain.plant, seed, defaults).catch(async (error: unknown) => {
      await service.close()
      throw error
    })
    return facade(service, domain, authentication, defaults)
  } catch (error) {
    await store.close()
    throw error
  }
}

function authenticationOf(
  { auth }: KmsSettings,
  { credentials = [] }: Seed,
  { account, region }: SeedDefaults,
): AuthenticationOptions {
  const enforce = auth === undefined ? credentials.length > 0 : auth === 'enforce'
  if (enforce && credentials.length === 0) {
    throw new TypeError('signatures cannot be enforced without credentials: give the seed some')
  }
  return {
    credentials: credentials.map((one) => credentialOf(one, account)),
    enforce,
    defaultAccount: account,
    defaultRegion: region,
    systemTime: Date.now,
  }
}

function credentialOf({ expiration, ...credential }: SeedCredential, defaultAccount: string): Credential {
  const { accessKeyId, account = defaultAccount, principal } = credential
  if (principal !== undefined && !principal.includes(`::${account}:`)) {
    throw new TypeError(`the principal of the access key ${accessKeyId} is not of its account, ${account}`)
  }
  return {
    ...credential,
    account,
    ...(expiration === undefined ? {} : { expiration: Date.parse(expiration) }),
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
    clientConfig: (identity = {}) => ({
      region: identity.region ?? region,
      endpoint: 'http://localhost',
      credentials: credentialsOf(authentication, identity),
      requestHandler: createInProcessTransport(entry),
    }),
    clock: kmsClock(service),
    faults,
    async ensureAlias(name) {
      const place = { account, region }
      const blank = (now: number) => plainKey(place, newKeyId(false), now, defaultPolicy(place))
      return keyArn({ ...place, keyId: await keyOfAlias(kms, place, checkAliasName(name), blank) })
    },
    status: () => statusOf(kms),
    readiness: () => readinessOf(domain),
    keys: () => overviewOf(kms),
    backup: (passphrase) => backup({ store: kms.store, domain, ...(passphrase === undefined ? {} : { passphrase }) }),
    async rotateDomainKey() {
      await domain.rotate()
    },
    close: service.close,
  }
}

function credentialsOf(
  { credentials, enforce, defaultAccount }: AuthenticationOptions,
  { account, accessKeyId }: ClientIdentity,
): KmsClientConfig['credentials'] {
  const wanted = (one: Credential) =>
    accessKeyId === undefined ? !account || one.account === account : one.accessKeyId === accessKeyId
  const found = credentials.find(wanted)
  if (found !== undefined) {
    const { accessKeyId: id, secretAccessKey, sessionToken } = found
    return { accessKeyId: id, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) }
  }
  if (enforce || accessKeyId !== undefined) throw new TypeError('the seed has no such credential')
  return { accessKeyId: account ?? defaultAccount, secretAccessKey: 'unchecked' }
}
