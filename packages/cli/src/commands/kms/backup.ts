import type { Leaf } from '../command.ts'
import { type DataFlags, dataOptions } from './options.ts'

export interface BackupFlags extends DataFlags {
  readonly output: string
  readonly passphraseFile?: string
  readonly force: boolean
}

export const backup: Leaf = {
  name: 'backup',
  summary: 'write everything that a data folder holds, as of one moment, to a file; servers on it go on',
  examples: [
    { does: 'write a backup that opens only beside the root.key of today', line: 'bongtu kms backup -o keys.backup' },
    {
      does: 'write a backup that opens anywhere with a passphrase',
      line: 'bongtu kms backup -o keys.backup --passphrase-file passphrase.txt',
    },
  ],
  define(command) {
    command.requiredOption('-o, --output <file>', 'the file for the backup, readable by you only')
    dataOptions(command)
    command
      .option('--passphrase-file <file>', 'seal the backup by the passphrase in this file, 8 bytes or more')
      .option('-f, --force', 'replace an existing file', false)
  },
  async run(_args, flags, io) {
    const { backupKms } = await import('../../jobs/kms/backup.ts')
    await backupKms(flags as BackupFlags, io)
  },
}
