import { HsmError } from '../errors.ts'
import type { RootKey } from './root-key.ts'

/** The root key. If its token is missing, calls fail with the `HsmError` `rootUnavailable`, and trying again may help. */
export function reached(rootKey: RootKey): RootKey {
  const told = async (work: Promise<Uint8Array>): Promise<Uint8Array> => {
    try {
      return await work
    } catch (error) {
      if (!isUnavailable(error)) throw error
      throw new HsmError('rootUnavailable', `the root key cannot be reached: ${error.message}`, { cause: error })
    }
  }
  return {
    seal: (ring) => told(rootKey.seal(ring)),
    open: (sealed) => told(rootKey.open(sealed)),
  }
}

/** By shape: what throws it is another package. */
const isUnavailable = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === 'unavailable'
