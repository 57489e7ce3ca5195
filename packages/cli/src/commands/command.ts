import type { Command } from 'commander'
import type { Io } from '../io.ts'

/** A line to try, and what it does. */
export interface Example {
  readonly does: string
  readonly line: string
}

interface Named {
  readonly name: string
  readonly summary: string
}

/** A command: what it takes, and where its work is. */
export interface Leaf extends Named {
  readonly examples: readonly Example[]
  /** Declares arguments and options. */
  readonly define: (command: Command) => void
  /** Loads the work and does it. Rejects where anything failed. */
  readonly run: (args: readonly unknown[], flags: object, io: Io) => Promise<void>
}

/** A command that only groups others. */
export interface Group extends Named {
  readonly commands: readonly CommandSpec[]
}

export type CommandSpec = Leaf | Group
