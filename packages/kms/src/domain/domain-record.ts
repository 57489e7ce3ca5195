import type { Kind } from '../store/store.ts'

/** The domain token in the store. There is one record, and every change of the domain replaces it. */
export interface DomainRecord {
  /** As in the token: counts from 1, one more with each rotation of the domain key. */
  readonly version: number
  /** The sealed ring of domain keys, base64. */
  readonly token: string
  /** When the active key was made, and when the next one is to be; milliseconds since 1970. */
  readonly rotatedAt: number
  readonly rotateAt: number
}

export const DOMAIN_ID = 'domain'

/** A ring that was replaced holds a domain key that has departed. */
export const domains: Kind<DomainRecord> = {
  name: 'domain',
  forgets: true,
  id: () => DOMAIN_ID,
  due: (domain) => domain.rotateAt,
}
