import { kmsClient } from './client/index.ts'
import { callersRegion } from './client/settings.ts'
import { sharedProfile } from './client/shared-profile.ts'
import { embeddedClient } from './embedded-client.ts'
import type { EmbeddedKms, Kms, KmsCommandClient } from './port.ts'
import { overCommands } from './sdk-client.ts'

/**
 * Whatever can stand for AWS KMS: `KMS` or `KMSClient` of `@aws-sdk/client-kms`, a `kmsClient`, a KMS in this process, or
 * any object with the functions of `Kms`.
 */
export type KmsClientLike = Kms | KmsCommandClient | EmbeddedKms

/**
 * A client for a Region, or `null` where calls to that Region are not allowed. `undefined`: the key is named without a
 * Region, and the client calls the caller's own. A keyring asks once for each Region, and never for one that only a
 * message names.
 */
export type KmsClientSupplier = (region: string | undefined) => KmsClientLike | null

/** One client for every call, or a client for each Region. */
export type KmsClients = KmsClientLike | KmsClientSupplier

/** Clients of this package for any Region, each made on first use and kept. Where `kms` is left out, this is used. */
export function regionalClients(): KmsClientSupplier {
  return cacheClients((region) => kmsClient(region === undefined ? {} : { region }))
}

/** Only these Regions. Without a client is any other, and a key that is named without a Region. */
export function limitRegions(regions: readonly string[], supplier: KmsClientSupplier): KmsClientSupplier {
  const allowed = regionSet('limitRegions', regions, supplier)
  return (region) => (region !== undefined && allowed.has(region) ? supplier(region) : null)
}

/** Every Region but these. Without a client is also a key that is named without a Region: it may be in one of these. */
export function excludeRegions(regions: readonly string[], supplier: KmsClientSupplier): KmsClientSupplier {
  const excluded = regionSet('excludeRegions', regions, supplier)
  return (region) => (region === undefined || excluded.has(region) ? null : supplier(region))
}

/** Asks the supplier once for each Region, over all keyrings that share the answer. */
export function cacheClients(supplier: KmsClientSupplier): KmsClientSupplier {
  requireSupplier('cacheClients', supplier)
  return oncePerRegion(supplier)
}

function regionSet(what: string, regions: readonly string[], supplier: KmsClientSupplier): ReadonlySet<string> {
  const named = Array.isArray(regions) && regions.length > 0
  if (!named || regions.some((each) => typeof each !== 'string' || each === '')) {
    throw new TypeError(`${what} takes an array of one Region or more`)
  }
  requireSupplier(what, supplier)
  return new Set(regions)
}

function requireSupplier(what: string, supplier: KmsClientSupplier): void {
  if (typeof supplier !== 'function') throw new TypeError(`${what} takes a function from Region to client`)
}

function oncePerRegion<T>(make: (region: string | undefined) => T): (region: string | undefined) => T {
  const made = new Map<string | undefined, T>()
  return (region) => {
    const known = made.get(region)
    if (known !== undefined) return known
    const fresh = make(region)
    made.set(region, fresh)
    return fresh
  }
}

/** How keyrings get at clients. */
export interface KmsLookup {
  readonly clientFor: (region: string | undefined) => Kms | null
  /** The Region that calls go to where none is named. Rejects where that is not set. */
  readonly ownRegion: () => Promise<string>
  /** Whether calls can go to one Region only. */
  readonly single: boolean
}

/** Throws a TypeError where `kms` is no client and no supplier. */
export function lookupOf(kms: KmsClients | undefined): KmsLookup {
  if (kms === undefined) return regional(regionalClients(), callersOwn)
  if (typeof kms === 'function') return regional(kms, callersOwn)
  if (isEmbedded(kms))
    return regional(
      (region) => embeddedClient(kms, region),
      async () => kms.clientConfig().region,
    )
  const one = kmsOf(kms, undefined)
  return { clientFor: () => one, ownRegion: async () => (await regionTold(one)) ?? callersOwn(), single: true }
}

/** The Region that a client calls; `undefined` where it does not tell. */
export async function regionTold({ config }: Kms): Promise<string | undefined> {
  return typeof config?.region === 'function' ? config.region() : undefined
}

const callersOwn = (): Promise<string> => callersRegion(() => sharedProfile())

const regional = (supplier: KmsClientSupplier, ownRegion: KmsLookup['ownRegion']): KmsLookup => ({
  clientFor: oncePerRegion((region) => {
    const client = supplier(region)
    return client === null ? null : kmsOf(client, region)
  }),
  ownRegion,
  single: false,
})

const isFunction = (value: unknown): boolean => typeof value === 'function'

const isEmbedded = (kms: KmsClientLike): kms is EmbeddedKms =>
  typeof kms === 'object' && kms !== null && 'entry' in kms && isFunction(kms.entry) && isFunction(kms.clientConfig)

function kmsOf(client: KmsClientLike, region: string | undefined): Kms {
  if (typeof client === 'object' && client !== null) {
    if (isEmbedded(client)) return embeddedClient(client, region)
    if ('decrypt' in client && [client.generateDataKey, client.encrypt, client.decrypt].every(isFunction)) return client
    if ('send' in client && isFunction(client.send)) return overCommands(client)
  }
  throw new TypeError(
    'kms is a KMS or KMSClient of @aws-sdk/client-kms, a kmsClient(…), a localKms(…), or a function from Region to one',
  )
}
