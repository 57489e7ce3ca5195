import type { Command } from 'commander'

/** What every command that logs in to a token takes. */
export interface LoginFlags {
  readonly retryPin: boolean
}

export function loginOptions(command: Command): void {
  command.option('--retry-pin', 'try the PIN though the token refused one before; never the last try', false)
}
