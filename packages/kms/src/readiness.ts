import type { Domain } from './domain/domain.ts'
import { HsmError } from './hsm/port.ts'

export type Readiness = 'ready' | 'unavailable'

/** Installs the newest domain keys, which needs the root key only where they are new here. */
export async function readinessOf(domain: Domain): Promise<Readiness> {
  try {
    await domain.status()
    return 'ready'
  } catch (error) {
    if (error instanceof HsmError && error.code === 'rootUnavailable') return 'unavailable'
    throw error
  }
}
