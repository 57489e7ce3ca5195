import type { Credential } from '../wire/credentials.ts'

/**
 * What a KMS holds from the start. Applied to a store that holds some of it already, it adds what is missing and leaves
 * the rest as it is.
 */
export interface Seed {
  /** Where `account` and `region` are left out below. */
  readonly account?: string
  readonly region?: string
  /** Access keys. Where there are any, every request must be signed with one. */
  readonly credentials?: readonly SeedCredential[]
  readonly keys?: readonly SeedKey[]
  /** Beside those that keys name themselves. */
  readonly aliases?: readonly SeedAlias[]
}

export interface SeedCredential extends Omit<Credential, 'account' | 'expiration'> {
  readonly account?: string
  /** An ISO 8601 time. */
  readonly expiration?: string
}

export interface SeedKey {
  /** A UUID, or `mrk-` and 32 hex digits. */
  readonly id: string
  readonly account?: string
  readonly region?: string
  /** The Regions of a multi-Region key, its primary first. All hold the same material. */
  readonly regions?: readonly string[]
  readonly description?: string
  readonly enabled?: boolean
  readonly origin?: 'AWS_KMS' | 'EXTERNAL'
  /** ISO 8601 times here and below; the time of seeding by default. */
  readonly createdAt?: string
  /** 32 bytes as 64 hex digits or as base64; random by default. The material that the key began with. */
  readonly material?: string
  /** Rotations that lie in the past, the oldest first; the last one's material is current. */
  readonly rotations?: readonly SeedRotation[]
  /** Days between automatic rotations from now on, 90 to 2560; `true` for 365. */
  readonly rotation?: number | boolean
  readonly aliases?: readonly string[]
  /** A policy document, as JSON text or as the object. */
  readonly policy?: string | Readonly<Record<string, unknown>>
  readonly tags?: Readonly<Record<string, string>>
}

export interface SeedRotation {
  readonly date: string
  readonly type?: 'AUTOMATIC' | 'ON_DEMAND'
  readonly material?: string
}

export interface SeedAlias {
  readonly name: string
  readonly key: string
  readonly account?: string
  readonly region?: string
}
