import { DEFAULT_SUFFIX } from '../files/names.ts'
import type { Leaf } from './command.ts'
import { fromToOptions, type ManyFlags, manyOptions, type OpenFlags, wholeNumber } from './options.ts'

export interface ReencryptFlags extends Omit<OpenFlags, 'key'>, ManyFlags {
  readonly from: readonly string[]
  readonly to: readonly string[]
  readonly suite?: string
  readonly frameLength?: number
  readonly all: boolean
  readonly dryRun: boolean
  readonly readBack: boolean
  readonly json: boolean
}

export const reencrypt: Leaf = {
  name: 'reencrypt',
  summary: 'encrypt files anew in place, under a new data key and other keys',
  examples: [
    {
      does: 'move a folder from a key file to the bundled KMS; run again, it takes up where it stopped',
      line: "bongtu reencrypt -r vault --from 'raw-aes:demo/key1?key-file=key1.aes' --to local-kms:alias/bongtu",
    },
    {
      does: 'see which files are not under the new key yet',
      line: 'bongtu reencrypt -r vault --dry-run --to local-kms:alias/bongtu',
    },
  ],
  define(command) {
    command.argument('<files...>', 'files or folders')
    fromToOptions(command)
    manyOptions(command, DEFAULT_SUFFIX)
    command
      .option('--suite <suite>', 'algorithm suite, by id or name (default: 0x0578, committing and signed)')
      .option('--frame-length <bytes>', 'bytes of plaintext in a frame (default: as in the file)', wholeNumber(1))
      .option('-n, --dry-run', 'tell which files would be encrypted anew, and leave them all as they are', false)
      .option('--all', 'also take files that are under these keys and this suite already', false)
      .option(
        '--no-read-back',
        'do not open the new message with the --to keys before it replaces the old one: for keys that only encrypt',
      )
      .option('--json', 'report each file in one line of JSON', false)
  },
  async run([files], flags, io) {
    const { reencryptFiles } = await import('../jobs/reencrypt/reencrypt.ts')
    await reencryptFiles(files as string[], flags as ReencryptFlags, io)
  },
}
