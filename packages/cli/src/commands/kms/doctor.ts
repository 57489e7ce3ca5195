import type { Leaf } from '../command.ts'
import { type DataFlags, dataOptions, matching } from './options.ts'

export interface DoctorFlags extends DataFlags {
  readonly json: boolean
  readonly fromBackup?: string
  readonly passphraseFile?: string
  readonly giveUp?: string
}

export const doctor: Leaf = {
  name: 'doctor',
  summary: 'open every key token, and list those that do not open; exit code 7 while there are any',
  examples: [
    { does: 'examine the KMS that -k local-kms: uses', line: 'bongtu kms doctor' },
    { does: 'put back from a backup what does not open', line: 'bongtu kms doctor --from-backup keys.backup' },
    {
      does: 'give up a key that no backup has, so that its domain key may leave',
      line: 'bongtu kms doctor --give-up arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    },
  ],
  define(command) {
    dataOptions(command)
    command
      .option('--from-backup <file>', 'put key tokens that do not open back from a backup of this KMS')
      .option('--passphrase-file <file>', 'the passphrase that the backup was sealed by')
      .option(
        '--give-up <key-arn>',
        'give up the key tokens of this key that do not open; nothing is deleted',
        matching(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/\S+$/, 'the ARN of a key'),
      )
      .option('--json', 'one line of JSON', false)
  },
  async run(_args, flags, io) {
    const { kmsDoctor } = await import('../../jobs/kms/doctor.ts')
    await kmsDoctor(flags as DoctorFlags, io)
  },
}
