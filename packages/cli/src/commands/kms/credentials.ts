import type { Leaf } from '../command.ts'
import { type FolderFlags, folderOption } from './options.ts'

export interface CredentialsFlags extends FolderFlags {
  readonly rotate: boolean
}

export const credentials: Leaf = {
  name: 'credentials',
  summary: 'print the access key of a data folder as lines for a shell, which AWS clients then sign with',
  examples: [
    { does: 'sign with it in this shell', line: 'eval "$(bongtu kms credentials)"' },
    {
      does: 'make a new access key; servers on the folder refuse the old one from then on',
      line: 'eval "$(bongtu kms credentials --data /var/lib/kms --rotate)"',
    },
  ],
  define(command) {
    folderOption(command)
    command.option('--rotate', 'make a new access key first', false)
  },
  async run(_args, flags, io) {
    const { printCredentials } = await import('../../jobs/kms/credentials.ts')
    await printCredentials(flags as CredentialsFlags, io)
  },
}
