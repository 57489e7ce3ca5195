import type { Io } from './io.ts'

type Closing = () => Promise<void>

/** What each command has open, by what it knows of the process around it. */
const open = new WeakMap<Io, Closing[]>()

/** Closes it when the command is over. */
export function closeAtEnd(io: Io, close: Closing): void {
  const known = open.get(io)
  if (known === undefined) open.set(io, [close])
  else known.push(close)
}

/** Closes all that the command opened: the sessions of tokens are for the commands and programs that come. */
export async function closeAll(io: Io): Promise<void> {
  const closings = open.get(io) ?? []
  open.delete(io)
  await Promise.allSettled(closings.map((close) => close()))
}
