import { Option } from 'commander'
import type { Leaf } from './command.ts'
import { type OpenFlags, type OutputFlags, openOptions, outputOptions, wholeNumber } from './options.ts'

export interface RangeFlags extends OpenFlags, OutputFlags {
  readonly start: number
  readonly end?: number
  readonly unverified: 'refuse' | 'release'
}

export const range: Leaf = {
  name: 'range',
  summary: 'decrypt a part of a file, reading little more than that part',
  examples: [
    {
      does: 'read 4 KiB from the middle of a large file',
      line: "bongtu range disk.img.esdk --start 1048576 --end 1052672 -o part -k 'raw-aes:demo/key1?key-file=key1.aes'",
    },
    {
      does: 'read the end of a signed file, whose signature is then not verified',
      line: "bongtu range app.log.esdk --start 900000 --unverified release -k 'raw-aes:demo/key1?key-file=key1.aes'",
    },
  ],
  define(command) {
    command
      .argument('<file>', 'a file with a framed message')
      .option('--start <byte>', 'the first byte of plaintext', wholeNumber(0), 0)
      .option('--end <byte>', 'the byte behind the last one (default: the end)', wholeNumber(0))
    openOptions(command)
    outputOptions(command, 'the file that the part is written to, or - for standard output (default)')
    command.addOption(
      new Option(
        '--unverified <what>',
        'signed messages, whose signature cannot be verified by reading a part: refuse them, or release what each frame tag verified',
      )
        .choices(['refuse', 'release'])
        .default('refuse'),
    )
  },
  async run([file], flags, io) {
    const { readRange } = await import('../jobs/range.ts')
    await readRange(file as string, flags as RangeFlags, io)
  },
}
