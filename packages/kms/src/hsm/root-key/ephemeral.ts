import { nodeEngine } from '@bongtu/crypto/node'
import { HsmError } from '../errors.ts'
import { ROOT_KEY_LENGTH, rootOfKey } from './key.ts'
import type { RootKeySource } from './root-key.ts'

/** A root in memory, gone with the process: for a store in memory. */
export function ephemeralRoot(): RootKeySource {
  return async ({ mayCreate }) => {
    if (!mayCreate) {
      throw new HsmError(
        'rootMissing',
        'the store holds a domain whose root was in the memory of a process that has ended',
      )
    }
    const key = nodeEngine.random(ROOT_KEY_LENGTH)
    const root = rootOfKey(key)
    key.fill(0)
    return root
  }
}
