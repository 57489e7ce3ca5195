import type { Leaf } from '../command.ts'
import { type LoginFlags, loginOptions } from './options.ts'

export interface ListFlags extends LoginFlags {
  readonly json: boolean
}

export const list: Leaf = {
  name: 'list',
  summary: 'list the tokens of a PKCS#11 module, and the keys of the token that is named',
  examples: [
    {
      does: 'see every token of a module; no PIN is asked for',
      line: "bongtu hsm list 'pkcs11:?module-path=/usr/lib/softhsm/libsofthsm2.so'",
    },
    {
      does: 'see the keys of one',
      line: "bongtu hsm list 'pkcs11:token=demo?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:pin'",
    },
    { does: 'see the keys of an embedded token', line: 'bongtu hsm list token-file:keys.token' },
  ],
  define(command) {
    loginOptions(command)
    command
      .argument('<uri>', 'pkcs11:… or token-file:…')
      .option('--json', 'one line of JSON for each token or key', false)
  },
  async run([uri], flags, io) {
    const { listHsm } = await import('../../jobs/hsm/list.ts')
    await listHsm(uri as string, flags as ListFlags, io)
  },
}
