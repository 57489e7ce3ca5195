import type { Kind } from '../store/store.ts'

export type KeyState =
  | 'Creating'
  | 'Enabled'
  | 'Disabled'
  | 'PendingDeletion'
  | 'PendingImport'
  | 'PendingReplicaDeletion'
  | 'Unavailable'
  | 'Updating'

export type KeySpec = 'SYMMETRIC_DEFAULT'
export type KeyUsage = 'ENCRYPT_DECRYPT'
export type Origin = 'AWS_KMS' | 'EXTERNAL'

export interface Tag {
  readonly TagKey: string
  readonly TagValue: string
}

/** A KMS key without its materials. All times are milliseconds since 1970. */
export interface KeyRecord {
  readonly account: string
  readonly region: string
  /** A UUID, or `mrk-` and 32 hex digits. */
  readonly keyId: string
  readonly createdAt: number
  readonly state: KeyState
  readonly description: string
  readonly spec: KeySpec
  readonly usage: KeyUsage
  readonly origin: Origin
  /** `AWS` for the keys behind `alias/aws/…`. */
  readonly manager: 'AWS' | 'CUSTOMER'
  /** `null` for a key of one Region. */
  readonly multiRegion: 'PRIMARY' | 'REPLICA' | null
  /** The policy document, as it was given. */
  readonly policy: string
  readonly tags: readonly Tag[]
  /** `null` until a key of origin EXTERNAL got its first material. It stays when that material is deleted. */
  readonly currentMaterialId: string | null
  /** How many materials ever joined the key; the sequence of the next one. */
  readonly materialCount: number
  /** `date` is `null` while a primary key waits for its replicas to go. */
  readonly deletion: { readonly date: number | null; readonly windowInDays: number } | null
  readonly rotation: Rotation
  /** Of imported material that is present: the first of it to expire; `validTo` is `null` where none expires. */
  readonly imported: { readonly validTo: number | null } | null
}

export interface Rotation {
  readonly enabled: boolean
  readonly periodInDays: number
  /** When the key rotates next by itself; `null` while rotation is off. */
  readonly nextAt: number | null
  /** How often it was rotated on demand. */
  readonly onDemandCount: number
}

/**
 * Due when the wait before its deletion ends, when it rotates, or when imported material expires. Keys of one
 * multi-Region set share the index `multiRegion`.
 */
export const keys: Kind<KeyRecord> = {
  name: 'key',
  id: keyRecordId,
  indexes: { multiRegion: (key) => (key.multiRegion === null ? undefined : `${key.account}/${key.keyId}`) },
  due: keyDue,
}

/** When the next of its dates comes, in milliseconds since 1970. A key rotates only while it is enabled. */
export function keyDue(key: KeyRecord): number | undefined {
  const next = Math.min(key.deletion?.date ?? Infinity, rotationDue(key) ?? Infinity, key.imported?.validTo ?? Infinity)
  return next === Infinity ? undefined : next
}

export function rotationDue(key: KeyRecord): number | null {
  return key.state === 'Enabled' ? key.rotation.nextAt : null
}

export function keyRecordId(key: {
  readonly account: string
  readonly region: string
  readonly keyId: string
}): string {
  return `${key.account}/${key.region}/${key.keyId}`
}

export interface AliasRecord {
  readonly account: string
  readonly region: string
  /** With its prefix `alias/`. */
  readonly name: string
  readonly targetKeyId: string
  readonly createdAt: number
  readonly updatedAt: number
}

export const aliases: Kind<AliasRecord> = {
  name: 'alias',
  id: (alias) => aliasRecordId(alias, alias.name),
  indexes: { target: (alias) => keyRecordId({ ...alias, keyId: alias.targetKeyId }) },
}

export function aliasRecordId(place: { readonly account: string; readonly region: string }, name: string): string {
  return `${place.account}/${place.region}/${name}`
}
