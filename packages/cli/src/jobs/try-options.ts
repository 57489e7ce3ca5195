import type { Transform } from 'node:stream'
import { asUsage } from '../failure.ts'
import type { Io } from '../io.ts'

/** Lets the client say what is wrong with its options, before any file is opened. Throws a usage failure, or what it says. */
export function tryOptions(io: Io, make: () => Transform): void {
  // A stream that begins interrupted would fail with nobody there to hear of it.
  io.signal.throwIfAborted()
  asUsage(make).destroy()
}
