import { DEFAULT_SUFFIX } from '../files/names.ts'
import type { Leaf } from './command.ts'
import { headerLimitOption, keyLimitOption, type LimitFlags, type ManyFlags, manyOptions } from './options.ts'

export interface InspectFlags extends LimitFlags, ManyFlags {
  readonly json: boolean
}

export const inspect: Leaf = {
  name: 'inspect',
  summary: 'tell what messages say of themselves; takes no key, and authenticates nothing',
  examples: [
    { does: 'see the suite, the context and the keys of a message', line: 'bongtu inspect report.pdf.esdk' },
    {
      does: 'list the suites of all messages in a folder',
      line: 'bongtu inspect -r vault --json | jq -r .header.suite.name',
    },
  ],
  define(command) {
    command.argument('[files...]', 'files or folders; - or nothing for standard input')
    manyOptions(command, DEFAULT_SUFFIX)
    keyLimitOption(command)
    headerLimitOption(command)
    command.option('--json', 'one line of JSON for each file', false)
  },
  async run([files], flags, io) {
    const { inspectFiles } = await import('../jobs/inspect.ts')
    await inspectFiles(files as string[], flags as InspectFlags, io)
  },
}
