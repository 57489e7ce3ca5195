import type { Leaf } from '../command.ts'
import { type DataFlags, dataOptions } from './options.ts'

export interface KeysFlags extends DataFlags {
  readonly json: boolean
}

export const keys: Leaf = {
  name: 'keys',
  summary: 'list keys with their aliases, their key materials, and the domain keys that these are under',
  examples: [
    { does: 'see the whole hierarchy', line: 'bongtu kms keys' },
    {
      does: 'list the ARNs of the enabled keys',
      line: `bongtu kms keys --json | jq -r 'select(.state == "Enabled").arn'`,
    },
  ],
  define(command) {
    dataOptions(command)
    command.option('--json', 'one line of JSON for each key', false)
  },
  async run(_args, flags, io) {
    const { listKeys } = await import('../../jobs/kms/keys.ts')
    await listKeys(flags as KeysFlags, io)
  },
}
