import { DEFAULT_SUFFIX } from '../files/names.ts'
import { type CacheFlags, cacheOption } from './cache-option.ts'
import type { Leaf } from './command.ts'
import {
  type KeyFlags,
  keyLimitOption,
  keyOptions,
  type ManyFlags,
  manyOptions,
  type OutputFlags,
  outputOptions,
  repeated,
  wholeNumber,
} from './options.ts'

export interface EncryptFlags extends KeyFlags, OutputFlags, ManyFlags, CacheFlags {
  readonly requiredContext: readonly string[]
  readonly suite?: string
  readonly frameLength: number
  readonly armor: boolean
}

/** Files are longer than what SDKs encrypt by default: fewer, longer frames take less than half of the time. Every reader takes them. */
const FRAME_LENGTH = 65_536
const NOBODY: readonly string[] = []

export const encrypt: Leaf = {
  name: 'encrypt',
  summary: 'encrypt files, folders, or standard input',
  examples: [
    {
      does: 'encrypt report.pdf to report.pdf.esdk',
      line: "bongtu encrypt report.pdf -k 'raw-aes:demo/key1?key-file=key1.aes'",
    },
    {
      does: 'bind a tenant to a backup on its way',
      line: "pg_dump app | bongtu encrypt -c tenant=acme -k 'raw-aes:demo/key1?key-file=key1.aes' > app.dump.esdk",
    },
    {
      does: 'encrypt a folder into another one, for two readers',
      line: "bongtu encrypt -r photos -o vault -k 'raw-aes:demo/key1?key-file=key1.aes' -k 'raw-rsa:demo/bob?public-key-file=bob.pub&padding=oaep-sha256'",
    },
    {
      does: 'encrypt thousands of files with few calls to AWS KMS',
      line: "bongtu encrypt -r photos -o vault --cache max-age=10m,max-messages=1000 -k 'aws-kms:arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'",
    },
  ],
  define(command) {
    command.argument('[files...]', 'files or folders; - or nothing for standard input')
    keyOptions(command, 'a pair that is bound to the message and stands in it in clear; several -c for several pairs')
    command.option(
      '--required-context <name>',
      'a name of the context that the message leaves out: who decrypts must give its pair',
      repeated,
      NOBODY,
    )
    outputOptions(command, 'the encrypted file, a folder for several, or - for standard output (default: FILE.esdk)')
    manyOptions(command, DEFAULT_SUFFIX)
    command
      .option('-a, --armor', 'write Base64 text', false)
      .option('--suite <suite>', 'algorithm suite, by id or name (default: 0x0578, committing and signed)')
      .option('--frame-length <bytes>', 'bytes of plaintext in a frame', wholeNumber(1), FRAME_LENGTH)
    keyLimitOption(command)
    cacheOption(command, 'encrypt several files under one data key')
  },
  async run([files], flags, io) {
    const { encryptFiles } = await import('../jobs/encrypt.ts')
    await encryptFiles(files as string[], flags as EncryptFlags, io)
  },
}
