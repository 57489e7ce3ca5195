import type { Leaf } from '../command.ts'
import { type LoginFlags, loginOptions } from './options.ts'

export interface TestFlags extends LoginFlags {
  readonly json: boolean
}

export const test: Leaf = {
  name: 'test',
  summary: 'try whether a key in a token serves as a key for messages; makes no key that lasts',
  examples: [
    {
      does: 'try an AES key',
      line: "bongtu hsm test 'pkcs11:token=demo;object=kek?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:pin'",
    },
  ],
  define(command) {
    loginOptions(command)
    command
      .argument('<uri>', 'the key; AES and RSA keys of the label are both tried')
      .option('--json', 'one line of JSON for each check', false)
  },
  async run([uri], flags, io) {
    const { testHsm } = await import('../../jobs/hsm/test.ts')
    await testHsm(uri as string, flags as TestFlags, io)
  },
}
