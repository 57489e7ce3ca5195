import { callersRegion } from './client/settings.ts'
import type { Kms } from './port.ts'

/** The Region that a client calls; where it does not tell, the caller's own. */
export async function regionOf(kms: Kms): Promise<string> {
  return typeof kms.config?.region === 'function' ? kms.config.region() : callersRegion()
}
