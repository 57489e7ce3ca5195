import { Option } from 'commander'
import type { Leaf } from '../command.ts'
import { wholeNumber } from '../options.ts'
import { type LoginFlags, loginOptions } from './options.ts'

export interface HsmKeygenFlags extends LoginFlags {
  readonly kind: 'aes' | 'rsa'
  readonly bits?: number
}

export const keygen: Leaf = {
  name: 'keygen',
  summary: 'make a key that can never leave its token, try it, and print the key URI to use it by',
  examples: [
    {
      does: 'make an AES key, and encrypt under it',
      line: "KEY=$(bongtu hsm keygen 'pkcs11:token=demo;object=kek?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:pin')",
    },
    {
      does: 'make an RSA key in an embedded token',
      line: "bongtu hsm keygen 'token-file:keys.token?key=bob' --kind rsa",
    },
  ],
  define(command) {
    loginOptions(command)
    command
      .argument('<uri>', 'the token, with the label of the key as object=LABEL (pkcs11:) or key=LABEL (token-file:)')
      .addOption(new Option('--kind <kind>', 'an AES key, or an RSA key pair').choices(['aes', 'rsa']).default('aes'))
      .option('--bits <bits>', 'AES: 128, 192 or 256 (default); RSA: 2048, 3072 (default) or 4096', wholeNumber(1))
  },
  async run([uri], flags, io) {
    const { keygenHsm } = await import('../../jobs/hsm/keygen.ts')
    await keygenHsm(uri as string, flags as HsmKeygenFlags, io)
  },
}
