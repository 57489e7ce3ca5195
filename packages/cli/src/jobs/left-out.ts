import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { Expanded } from '../files/inputs.ts'
import type { Io } from '../io.ts'
import { tell, tellFailure } from '../terminal/messages.ts'

/** Says what a run over folders does not take, so that nobody believes it was. */
export function tellLeftOut({ inputs, passedOver, unread }: Expanded, io: Io): void {
  for (const { path, error } of unread) tellFailure(io, error, path, true)
  if (inputs.length === 0) tell(io, 'there is no file to take in what was named')
  if (passedOver > 0) tell(io, `left out ${passedOver}: links, devices, or files of the other kind going by the suffix`)
}

/** Throws, once the rest is done, where a folder could not be looked into: its user was told by `tellLeftOut`. */
export function requireAllRead({ unread }: Expanded): void {
  if (unread.length > 0) throw new Failure('folders were not read', exitCodes.failed, { told: true })
}
