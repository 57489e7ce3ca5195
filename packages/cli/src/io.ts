import type { Readable, Writable } from 'node:stream'
import type { NativeCalls } from './signals.ts'

/** What a stream of the process is beside its bytes. */
interface Standard {
  readonly isTTY?: boolean | undefined
  /** The file descriptor, where there is one: tells which file a shell redirected it to. */
  readonly fd?: number | undefined
}

export type StandardInput = Readable & Standard
export type StandardOutput = Writable & Standard & { readonly columns?: number | undefined }

/** Everything that a command knows of the process around it. */
export interface Io {
  readonly stdin: StandardInput
  readonly stdout: StandardOutput
  readonly stderr: StandardOutput
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborts with an `Interrupted` when the user or the system asks to stop. */
  readonly signal: AbortSignal
  readonly native: NativeCalls
}
