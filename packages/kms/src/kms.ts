import type { Clock } from './clock.ts'
import type { Domain } from './domain/domain.ts'
import type { KnowsAccount } from './keys/known-accounts.ts'
import type { Authorize } from './policy/authorize.ts'
import type { Store } from './store/store.ts'
import type { WaitingLine } from './waiting-line.ts'
import type { Markers } from './wire/markers.ts'

/** The parts that operations work with. */
export interface Kms {
  readonly store: Store
  readonly domain: Domain
  readonly clock: Clock
  readonly markers: Markers
  readonly authorize: Authorize
  readonly knowsAccount: KnowsAccount
  /** Where generations of RSA keys wait: each takes a core for up to seconds. */
  readonly rsaGenerations: WaitingLine
}
