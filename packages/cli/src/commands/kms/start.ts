import { InvalidArgumentError, Option } from 'commander'
import type { Leaf } from '../command.ts'
import { repeated } from '../options.ts'
import {
  type Address,
  address,
  type DataFlags,
  dataOptions,
  type PlaceFlags,
  placeOptions,
  wholeNumberOf,
} from './options.ts'

export interface StartFlags extends DataFlags, PlaceFlags {
  readonly listen: Address
  readonly memory?: boolean
  readonly database?: string
  readonly seed?: string
  readonly auth?: 'enforce' | 'off'
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly allowHost: readonly string[]
  readonly insecure: boolean
  readonly adminListen?: Address
  readonly adminClock: boolean
  readonly domainKeyHours?: number
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

const DEFAULT_LISTEN = '127.0.0.1:4599'
const NO_NAMES: readonly string[] = []

export const start: Leaf = {
  name: 'start',
  summary: 'serve the AWS KMS protocol until a signal stops it; prints its URL once it answers',
  examples: [
    {
      does: 'serve the keys of this user on http://127.0.0.1:4599; see `bongtu kms credentials` for what clients sign with',
      line: 'bongtu kms start',
    },
    {
      does: 'serve a fresh KMS for tests, on any free port, with its clock and faults on another',
      line: 'bongtu kms start --memory --listen 127.0.0.1:0 --admin-listen 127.0.0.1:0 --seed seed.yaml',
    },
    {
      does: 'serve with the root key in a token, which seals the domain keys',
      line: "bongtu kms start --root 'pkcs11:token=kms;object=root?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:pin'",
    },
    {
      does: 'serve other machines: TLS, and signatures by the credentials of the seed',
      line: 'bongtu kms start --listen 0.0.0.0:4599 --allow-host kms.internal --tls-cert kms.pem --tls-key kms.key --seed seed.yaml',
    },
  ],
  define(command) {
    command.addOption(
      new Option('--listen <host:port>', 'where to listen; port 0 takes any that is free')
        .argParser(address)
        .default(address(DEFAULT_LISTEN), DEFAULT_LISTEN),
    )
    dataOptions(command)
    command
      .addOption(
        new Option('--memory', 'keep nothing: the keys are gone when it stops').conflicts([
          'data',
          'rootPassphraseFile',
          'root',
        ]),
      )
      .addOption(
        new Option('--database <url>', 'a PostgreSQL database, in a later version').conflicts(['data', 'memory']),
      )
      .option('--seed <file>', 'YAML or JSON of what it holds from the start: credentials, keys, aliases, policies')
      .addOption(
        new Option(
          '--auth <what>',
          'whether signatures are checked: by the credentials of the seed, else by access-key.json, which is made in the data folder (default: enforce, but off with --memory and no credentials in the seed)',
        ).choices(['enforce', 'off']),
      )
    placeOptions(command)
    command
      .option('--tls-cert <file>', 'certificate chain, PEM: serve https')
      .option('--tls-key <file>', 'the private key of the certificate, PEM')
      .option('--allow-host <name>', 'a name that clients call it by, beside localhost', repeated, NO_NAMES)
      .option('--insecure', 'listen off loopback without TLS or without checking signatures', false)
      .addOption(
        new Option(
          '--admin-listen <host:port>',
          'a loopback port to inject faults and rotate the domain key by, with the same credentials',
        ).argParser(loopbackAddress),
      )
      .option(
        '--admin-clock',
        'let the admin port move the clock of keys that are kept, which deletes what falls due',
        false,
      )
      .option(
        '--domain-key-hours <hours>',
        'how long a domain key stays active, 1 to 168 (default: 24)',
        wholeNumberOf(1, 168),
      )
      .addOption(
        new Option('--log-level <level>', 'the least of what is logged, as lines of JSON on standard error')
          .choices(['silent', 'error', 'warn', 'info', 'debug'])
          .default('info'),
      )
  },
  async run(_args, flags, io) {
    const { startKms } = await import('../../jobs/kms/start.ts')
    await startKms(flags as StartFlags, io)
  },
}

function loopbackAddress(value: string): Address {
  const where = address(value)
  if (where.host === '127.0.0.1' || where.host === 'localhost') return where
  throw new InvalidArgumentError('It is 127.0.0.1:PORT: the admin port is for this machine alone.')
}
