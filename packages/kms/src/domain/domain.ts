import type { RootKeySource } from '../hsm/factory.ts'
import type { DomainStatus, Hsm } from '../hsm/port.ts'
import type { Store } from '../store/store.ts'

/** The host's side of the HSM: it carries domain tokens between the HSM and the store. */
export interface Domain {
  /** Use this HSM: it follows rotations of the domain key by other processes on the same store. */
  readonly hsm: Hsm
  /** The HSM made a new domain key; every token of the store moves under it in the same transaction. */
  rotate(): Promise<DomainStatus>
  status(): Promise<DomainStatus>
}

export interface DomainOptions {
  readonly store: Store
  /** Where the root key is. It is made only where the store holds no domain yet. */
  readonly rootKey: RootKeySource
  /** Milliseconds since 1970. */
  readonly now: () => number
}
