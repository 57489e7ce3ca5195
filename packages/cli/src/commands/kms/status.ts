import type { Leaf } from '../command.ts'
import { type DataFlags, dataOptions } from './options.ts'

export interface StatusFlags extends DataFlags {
  readonly json: boolean
}

export const status: Leaf = {
  name: 'status',
  summary: 'tell how many keys a data folder holds, and how its domain key stands',
  examples: [
    { does: 'see the KMS that -k local-kms: uses', line: 'bongtu kms status' },
    {
      does: 'see when the domain key rotates next',
      line: 'bongtu kms status --data /var/lib/kms --json | jq -r .nextRotation',
    },
  ],
  define(command) {
    dataOptions(command)
    command.option('--json', 'one line of JSON', false)
  },
  async run(_args, flags, io) {
    const { kmsStatus } = await import('../../jobs/kms/status.ts')
    await kmsStatus(flags as StatusFlags, io)
  },
}
