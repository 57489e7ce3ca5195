import { Option } from 'commander'
import type { Group, Leaf } from './command.ts'

interface KeygenFlags {
  readonly output: string
  readonly name?: string
  readonly force: boolean
}

export interface KeygenAesFlags extends KeygenFlags {
  readonly bits: '128' | '192' | '256'
}

export interface KeygenRsaFlags extends KeygenFlags {
  readonly bits: '2048' | '3072' | '4096'
}

const NAME =
  'what encrypted data keys call the key: writers and readers use the same (default: bongtu/ and the name of the file)'

const rawAes: Leaf = {
  name: 'raw-aes',
  summary: 'make an AES key',
  examples: [
    { does: 'make a key and keep its URI', line: 'KEY=$(bongtu keygen raw-aes -o key1.aes --name demo/key1)' },
  ],
  define(command) {
    command
      .requiredOption('-o, --output <file>', 'the file for the key, in Base64, readable by you only')
      .option('--name <namespace/name>', NAME)
      .addOption(new Option('--bits <bits>', 'length of the key').choices(['128', '192', '256']).default('256'))
      .option('-f, --force', 'replace an existing file; what was encrypted under its key is then lost', false)
  },
  async run(_args, flags, io) {
    const { keygenRawAes } = await import('../jobs/keygen-raw-aes.ts')
    await keygenRawAes(flags as KeygenAesFlags, io)
  },
}

const rawRsa: Leaf = {
  name: 'raw-rsa',
  summary: 'make an RSA key pair',
  examples: [
    {
      does: 'make bob.pem, and bob.pem.pub for those who encrypt for him',
      line: 'bongtu keygen raw-rsa -o bob.pem --name demo/bob',
    },
  ],
  define(command) {
    command
      .requiredOption(
        '-o, --output <file>',
        'the file for the private key, readable by you only; the public key goes to FILE.pub',
      )
      .option('--name <namespace/name>', NAME)
      .addOption(new Option('--bits <bits>', 'length of the modulus').choices(['2048', '3072', '4096']).default('3072'))
      .option('-f, --force', 'replace existing files; what was encrypted for their key is then lost', false)
  },
  async run(_args, flags, io) {
    const { keygenRawRsa } = await import('../jobs/keygen-raw-rsa.ts')
    await keygenRawRsa(flags as KeygenRsaFlags, io)
  },
}

export const keygen: Group = {
  name: 'keygen',
  summary: 'make keys, and print the key URIs to use them by',
  commands: [rawAes, rawRsa],
}
