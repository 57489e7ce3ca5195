import { exitCodes } from '../exit-codes.ts'
import { explain, isClosedOutput } from '../explain.ts'
import { Failure } from '../failure.ts'
import { inputName } from '../files/inputs.ts'
import type { Transfer } from '../files/plan.ts'
import type { Io } from '../io.ts'
import { tell, tellFailure } from '../terminal/messages.ts'

/** Files that are worked on at once: enough for keys that are asked over a network, few enough for open files. */
const AT_ONCE = 8

/**
 * Does all transfers. One that fails is told of and does not keep the others from being done; in the end the failures
 * are counted and thrown as one, with the exit code that they share. An interruption stops at once. With `atOnce` 1 they
 * are done in order, else they finish as they come.
 */
export async function eachTransfer(
  transfers: readonly Transfer[],
  io: Io,
  work: (transfer: Transfer) => Promise<void>,
  onFailure: (transfer: Transfer, error: unknown) => void,
  atOnce: number = AT_ONCE,
): Promise<void> {
  const exits = new Set<number>()
  let failed = 0
  const attempt = async (transfer: Transfer): Promise<void> => {
    try {
      io.signal.throwIfAborted()
      await work(transfer)
    } catch (error) {
      throwIfOver(io, error)
      failed++
      exits.add(explain(error).exitCode)
      tellFailure(io, error, inputName(transfer.input), transfers.length > 1)
      onFailure(transfer, error)
    }
  }
  const remaining = transfers.values()
  const worker = async (): Promise<void> => {
    for (const transfer of remaining) await attempt(transfer)
  }
  // Every worker is waited for, so that nothing is still being cleaned up when the first interruption is thrown.
  const results = await Promise.allSettled(Array.from({ length: Math.min(atOnce, transfers.length) }, worker))
  const over = results.find((result) => result.status === 'rejected')
  if (over !== undefined) throw over.reason
  if (failed === 0) return
  if (transfers.length > 1) tell(io, `${failed} of ${transfers.length} files failed`)
  const [exitCode = exitCodes.failed] = exits
  throw new Failure('files failed', exits.size === 1 ? exitCode : exitCodes.failed, { told: true })
}

/** What ends everything: an interruption, and a standard output that takes no more. */
function throwIfOver(io: Io, error: unknown): void {
  io.signal.throwIfAborted()
  if (isClosedOutput(error)) throw error
}
