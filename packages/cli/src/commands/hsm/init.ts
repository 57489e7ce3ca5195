import type { Leaf } from '../command.ts'
import { type LoginFlags, loginOptions } from './options.ts'

export interface InitFlags extends LoginFlags {
  readonly soPinSource?: string
}

export const init: Leaf = {
  name: 'init',
  summary: 'make a token, and print its URI; one that was made before is never made again',
  examples: [
    {
      does: 'make a token in SoftHSM2, with its PINs from files',
      line: "bongtu hsm init 'pkcs11:token=demo?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:pin' --so-pin-source file:so-pin",
    },
    {
      does: 'make an embedded token that only its file permissions keep',
      line: 'bongtu hsm init token-file:keys.token',
    },
    {
      does: 'make an embedded token that a passphrase seals',
      line: "bongtu hsm init 'token-file:keys.token?passphrase-file=passphrase.txt'",
    },
    {
      does: 'make one whose passphrase is typed at the terminal',
      line: "bongtu hsm init 'token-file:keys.token?passphrase-source=prompt'",
    },
  ],
  define(command) {
    loginOptions(command)
    command
      .argument('<uri>', 'pkcs11:token=LABEL?… (with slot-id=… where several are free), or token-file:FILE')
      .option('--so-pin-source <source>', "the security officer's PIN: file:FILE or env:NAME (default: ask for it)")
  },
  async run([uri], flags, io) {
    const { initHsm } = await import('../../jobs/hsm/init.ts')
    await initHsm(uri as string, flags as InitFlags, io)
  },
}
