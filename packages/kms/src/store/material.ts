import { domainKeyIdOf, type KeySpec } from '../hsm/port.ts'
import { DAMAGED } from './kind.ts'
import type { Kind } from './store.ts'

/**
 * One key material of a KMS key, with its exported key token. It stands in the lower half because a rotation of the
 * domain key re-wraps every token; what the API says about materials and rotations is kept with it.
 */
export interface Material {
  readonly account: string
  readonly region: string
  readonly keyId: string
  /** Counts the materials of the key from 0, in the order in which they joined it. */
  readonly sequence: number
  /** 64 hex digits: the HBKID in the header of every blob, and the KeyMaterialId of the API. */
  readonly keyMaterialId: string
  readonly spec: KeySpec
  /** The exported key token, base64; `null` where imported material was deleted or expired. */
  readonly token: string | null
  readonly state: 'CURRENT' | 'NON_CURRENT' | 'PENDING_ROTATION' | 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION'
  /** How it became current; `null` for the first material of a key. Dates are milliseconds since 1970. */
  readonly rotation: { readonly type: 'AUTOMATIC' | 'ON_DEMAND'; readonly date: number } | null
  /** Of imported material only. `validTo` is `null` where the material does not expire. */
  readonly imported: { readonly description: string | null; readonly validTo: number | null } | null
}

/** The index of materials by the domain key that their token is under: 32 hex digits, or `DAMAGED` if the token does not say. */
export const DOMAIN_KEY = 'domainKey'

/** A damaged record may hold anything in the place of the token. */
function domainKeyOf(token: unknown): string {
  return (typeof token === 'string' ? domainKeyIdOf(Buffer.from(token, 'base64')) : null) ?? DAMAGED
}

/**
 * Due when imported material that is present expires. Unique: `region/keyMaterialId`, which a blob leads to. A token that
 * was deleted, or is under a new domain key, is to be found nowhere.
 */
export const materials: Kind<Material> = {
  name: 'material',
  id: (m) => `${m.account}/${m.region}/${m.keyId}/${String(m.sequence).padStart(6, '0')}`,
  unique: { keyMaterialId: (m) => `${m.region}/${m.keyMaterialId}` },
  indexes: { [DOMAIN_KEY]: ({ token }) => (token === null ? undefined : domainKeyOf(token)) },
  forgets: true,
  due: (m) => (m.token === null ? undefined : (m.imported?.validTo ?? undefined)),
}
