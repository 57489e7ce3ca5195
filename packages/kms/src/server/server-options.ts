import { kindOf, type OptionNames, readOptions, record, wholeNumber } from '@bongtu/crypto/options'
import { checkSettings, type KmsSettings, requireType } from '../kms-settings.ts'
import { type KmsPlace, readPlace } from '../place.ts'
import { checkSeed } from '../seed/read-seed.ts'
import type { Seed } from '../seed/seed.ts'
import type { LogLevel } from './log.ts'
import type { TlsFiles } from './tls.ts'

export interface ServerOptions extends Omit<KmsSettings, 'auth' | 'onCall' | 'onFailure'> {
  readonly place: KmsPlace
  readonly seed?: Seed
  /**
   * `enforce`: every request must be signed with a credential of the seed or, where it has none, with the access key that
   * the server makes once in the data folder, as `access-key.json`. `off`: signatures are not looked at, and the access key
   * id tells the account. By default `enforce`, but `off` in memory where the seed has no credentials.
   */
  readonly auth?: 'enforce' | 'off'
  /**
   * An address of this machine, 127.0.0.1 by default. Another than loopback needs `tls` and checked signatures, or
   * `insecure`.
   */
  readonly host?: string
  /** 4599 by default; 0 for any that is free. */
  readonly port?: number
  /** PEM texts of the certificate chain and its key. */
  readonly tls?: TlsFiles
  /** Names that clients call this server by, beside the loopback names. */
  readonly allowHost?: readonly string[]
  /** Listens off loopback without TLS or without checking signatures. */
  readonly insecure?: boolean
  /** A loopback port for the clock and faults; none by default. 0 for any that is free. It asks for the same credentials. */
  readonly adminPort?: number
  /** Whether the admin port moves the clock of a KMS that is kept: what falls due, such as a deletion, is done at once. */
  readonly adminClock?: boolean
  /** `info` by default: one line per request. */
  readonly logLevel?: LogLevel
  /** Takes the lines of the log; the standard error by default. */
  readonly writeLog?: (line: string) => void
}

const OPTIONS: OptionNames<ServerOptions> = {
  place: true,
  seed: true,
  account: true,
  region: true,
  auth: true,
  domainKeyPeriod: true,
  host: true,
  port: true,
  tls: true,
  allowHost: true,
  insecure: true,
  adminPort: true,
  adminClock: true,
  logLevel: true,
  writeLog: true,
}

const TLS: OptionNames<TlsFiles> = { cert: true, key: true }
const MAX_PORT = 65_535

/** Throws a TypeError for an option that is unknown or of the wrong type, and RangeError for a port that does not exist. */
export function readServerOptions(given: ServerOptions): ServerOptions {
  const options = readOptions('startServer', given, OPTIONS)
  const { port, adminPort, tls, allowHost } = options
  checkSettings('startServer', options)
  for (const name of ['insecure', 'adminClock'] as const) requireType(`startServer: ${name}`, options[name], 'boolean')
  requireType('startServer: host', options.host, 'string')
  requireType('startServer: writeLog', options.writeLog, 'function')
  if (port !== undefined) wholeNumber('startServer: port', port, 0, MAX_PORT)
  if (adminPort !== undefined) wholeNumber('startServer: adminPort', adminPort, 0, MAX_PORT)
  if (allowHost !== undefined && !Array.isArray(allowHost)) {
    throw new TypeError(`startServer: allowHost must be an array of strings, got ${kindOf(allowHost)}`)
  }
  return record(
    options,
    { place: readPlace('startServer: place', options.place), seed: checkSeed(options.seed ?? {}) },
    tls === undefined ? {} : { tls: readOptions('startServer: tls', tls, TLS) },
  )
}
