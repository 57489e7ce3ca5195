import { Option } from 'commander'
import { DEFAULT_SUFFIX } from '../files/names.ts'
import { type CacheFlags, cacheOption } from './cache-option.ts'
import type { Leaf } from './command.ts'
import { type ManyFlags, manyOptions, type OpenFlags, type OutputFlags, openOptions, outputOptions } from './options.ts'

export interface DecryptFlags extends OpenFlags, OutputFlags, ManyFlags, CacheFlags {
  readonly unverified: 'hold' | 'release' | 'refuse'
}

export const decrypt: Leaf = {
  name: 'decrypt',
  summary: 'decrypt files, folders, or standard input; Base64 is recognised',
  examples: [
    {
      does: 'decrypt report.pdf.esdk to report.pdf',
      line: "bongtu decrypt report.pdf.esdk -k 'raw-aes:demo/key1?key-file=key1.aes'",
    },
    {
      does: 'decrypt only what was encrypted for this tenant',
      line: "bongtu decrypt -c tenant=acme -k 'raw-aes:demo/key1?key-file=key1.aes' < app.dump.esdk | psql app",
    },
    {
      does: 'decrypt a folder into another one',
      line: "bongtu decrypt -r vault -o photos -k 'raw-rsa:demo/bob?private-key-file=bob.pem&padding=oaep-sha256'",
    },
  ],
  define(command) {
    command.argument('[files...]', 'files or folders; - or nothing for standard input')
    openOptions(command)
    outputOptions(
      command,
      'the decrypted file, a folder for several, or - for standard output (default: FILE.esdk gives FILE)',
    )
    manyOptions(command, DEFAULT_SUFFIX)
    cacheOption(command, 'ask once for the data key of several files')
    command.addOption(
      new Option(
        '--unverified <what>',
        'what goes to standard output of a signed message before its signature verified: hold all back, release frame by frame, or refuse signed messages',
      )
        .choices(['hold', 'release', 'refuse'])
        .default('hold'),
    )
  },
  async run([files], flags, io) {
    const { decryptFiles } = await import('../jobs/decrypt.ts')
    await decryptFiles(files as string[], flags as DecryptFlags, io)
  },
}
