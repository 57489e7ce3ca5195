import { kmsClient } from './client/index.ts'
import type { Kms } from './port.ts'
import { type KmsClientLike, kmsOf } from './sdk-client.ts'

/** A client for a Region, or `null` where calls to that Region are not allowed. `undefined`: the caller's own Region. */
export type KmsClientSupplier = (region: string | undefined) => KmsClientLike | null

/** One client for every call, or a client for each Region. */
export type KmsClients = KmsClientLike | KmsClientSupplier

/** Clients of this package for any Region, each made on first use and kept. Where `kms` is left out, this is used. */
export function regionalClients(): KmsClientSupplier {
  return cacheClients((region) => kmsClient(region === undefined ? {} : { region }))
}

/** Only these Regions; a key of any other is passed over without a call. */
export function limitRegions(regions: readonly string[], supplier: KmsClientSupplier): KmsClientSupplier {
  const allowed = regionSet('limitRegions', regions)
  return (region) => (region !== undefined && !allowed.has(region) ? null : supplier(region))
}

/** Every Region but these. */
export function excludeRegions(regions: readonly string[], supplier: KmsClientSupplier): KmsClientSupplier {
  const excluded = regionSet('excludeRegions', regions)
  return (region) => (region !== undefined && excluded.has(region) ? null : supplier(region))
}

/** Asks the supplier once for each Region. */
export function cacheClients(supplier: KmsClientSupplier): KmsClientSupplier {
  const clients = new Map<string | undefined, KmsClientLike | null>()
  return (region) => {
    const known = clients.get(region)
    if (known !== undefined) return known
    const client = supplier(region)
    clients.set(region, client)
    return client
  }
}

function regionSet(what: string, regions: readonly string[]): ReadonlySet<string> {
  if (
    !Array.isArray(regions) ||
    regions.length === 0 ||
    regions.some((each) => typeof each !== 'string' || each === '')
  ) {
    throw new TypeError(`${what} takes the names of one Region or more`)
  }
  return new Set(regions)
}

/** The one way in which keyrings get a client. Throws a TypeError where `kms` is none. */
export function clientLookup(kms: KmsClients | undefined): (region: string | undefined) => Kms | null {
  if (kms === undefined) return lookup(regionalClients())
  if (typeof kms === 'function') return lookup(cacheClients(kms))
  const one = kmsOf(kms)
  return () => one
}

const lookup = (supplier: KmsClientSupplier) => {
  const adapted = new WeakMap<object, Kms>()
  return (region: string | undefined): Kms | null => {
    const client = supplier(region)
    if (client === null) return null
    const known = adapted.get(client)
    if (known !== undefined) return known
    const kms = kmsOf(client)
    adapted.set(client, kms)
    return kms
  }
}
