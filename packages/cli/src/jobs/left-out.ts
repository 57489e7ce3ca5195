import type { Expanded } from '../files/inputs.ts'
import type { Io } from '../io.ts'
import { tell } from '../terminal/messages.ts'

/** Says what a run over folders does not take, so that nobody believes it was. */
export function tellLeftOut({ inputs, passedOver }: Expanded, io: Io): void {
  if (inputs.length === 0) tell(io, 'there is no file to take in what was named')
  if (passedOver > 0) tell(io, `left out ${passedOver}: links, devices, or files of the other kind going by the suffix`)
}
