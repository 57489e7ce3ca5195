import type { Leaf } from '../command.ts'
import { type DataFlags, dataOptions } from './options.ts'

export interface RestoreFlags extends DataFlags {
  readonly passphraseFile?: string
}

export const restore: Leaf = {
  name: 'restore',
  summary: 'fill an empty data folder from a backup; nothing is written unless the backup opens',
  examples: [
    {
      does: 'restore beside the root key that the backup was made with',
      line: 'cp root.key /var/lib/kms/root.key && bongtu kms restore keys.backup --data /var/lib/kms',
    },
    {
      does: 'restore with the passphrase of the backup, under a root key of its own',
      line: 'bongtu kms restore keys.backup --data /var/lib/kms --passphrase-file passphrase.txt',
    },
  ],
  define(command) {
    command.argument('<backup>', 'a file that `bongtu kms backup` wrote')
    dataOptions(command)
    command.option('--passphrase-file <file>', 'the passphrase that the backup was sealed by')
  },
  async run([file], flags, io) {
    const { restoreBackup } = await import('../../jobs/kms/restore.ts')
    await restoreBackup(file as string, flags as RestoreFlags, io)
  },
}
