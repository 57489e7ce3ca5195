import type { SyncAesGcm } from '@bongtu/crypto/node'
import { HsmError } from './errors.ts'

/** One domain key, ready for use. Its bytes are held by the cipher alone. */
export interface DomainKey {
  /** 16 random bytes that name it in every token. */
  readonly id: Uint8Array
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly cipher: SyncAesGcm
}

/** The keys of an opened domain. */
export interface DomainKeys {
  readonly version: number
  /** Wraps and unwraps. */
  readonly active: DomainKey
  /** All keys by the hex of their id, newest first. The deactivated ones only unwrap. */
  readonly byId: ReadonlyMap<string, DomainKey>
}

export function domainKeyNamed(keys: DomainKeys, id: string): DomainKey {
  const key = keys.byId.get(id)
  if (key !== undefined) return key
  throw new HsmError(
    'unknownDomainKey',
    `no domain key ${id} is in version ${keys.version} of the domain: the token is newer, or its domain key has departed`,
  )
}
