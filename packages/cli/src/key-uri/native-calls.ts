import { aroundBlockingCalls, callsUnderWay } from '@bongtu/hsm'
import type { Io } from '../io.ts'

/** Before a PKCS#11 module is used: Ctrl-C and `kill` end the command even while the module does not answer. */
export function guardModules({ native }: Io): void {
  aroundBlockingCalls(native.uncaught)
  native.count(callsUnderWay)
}
