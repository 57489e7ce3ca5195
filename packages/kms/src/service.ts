import type { SettableClock } from './clock.ts'
import type { Domain } from './domain/domain.ts'
import { travel } from './due/run-due.ts'
import { startScheduler } from './due/scheduler.ts'
import { createFaults, type Faults } from './faults.ts'
import type { KnowsAccount } from './keys/known-accounts.ts'
import type { Kms } from './kms.ts'
import { authorizeByAccount } from './policy/authorize.ts'
import { markerKey } from './settings.ts'
import type { Store } from './store/store.ts'
import { createWaitingLine } from './waiting-line.ts'
import type { Authenticate } from './wire/authenticate.ts'
import { type CallRecord, createEntry, type Entry } from './wire/entry.ts'
import { createMarkers } from './wire/markers.ts'

export interface ServiceOptions {
  readonly store: Store
  readonly domain: Domain
  readonly clock: SettableClock
  readonly authenticate: Authenticate
  readonly knowsAccount: KnowsAccount
  readonly onCall: (record: CallRecord) => void
  /** Told what work in the background threw. */
  readonly failed: (error: unknown) => void
}

/** A KMS at work, without any way in but its entry. */
export interface Service {
  readonly kms: Kms
  readonly entry: Entry
  readonly faults: Faults
  /** Moves the clock, and does what falls due on the way. Milliseconds since 1970. */
  travelTo(time: number): Promise<void>
  /** Lets work under way finish, and closes the store. */
  close(): Promise<void>
}

/** Milliseconds. A request beyond those 16 gets a ThrottlingException at once, as from AWS. */
const RSA_GENERATIONS = { places: 16, patience: 10_000 }

export async function startService(options: ServiceOptions): Promise<Service> {
  const { store, domain, clock, authenticate, knowsAccount, failed, onCall } = options
  const markers = createMarkers(await markerKey(store))
  const rsaGenerations = createWaitingLine(RSA_GENERATIONS)
  const kms: Kms = { store, domain, clock, markers, authorize: authorizeByAccount, knowsAccount, rsaGenerations }
  const faults = createFaults()
  const scheduler = startScheduler({ kms, failed })
  return {
    kms,
    faults,
    entry: createEntry({ kms, authenticate, interfere: faults.interfere, onCall }),
    travelTo: (time) => travel(kms, clock, time, failed),
    async close() {
      faults.clear()
      await scheduler.stop()
      await store.close()
    },
  }
}
