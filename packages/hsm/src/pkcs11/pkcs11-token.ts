import { isAbsolute } from 'node:path'
import { kindOf, type OptionNames, readOptions, record, wholeNumber } from '@bongtu/crypto/options'
import type { Token } from '../token.ts'
import { createConnection } from './connection.ts'
import { type Module, type ModuleLocation, openSharedModule } from './modules.ts'
import { type PinSource, pinSourceOf } from './pin.ts'
import { tokenOver } from './token.ts'
import type { PinMemory } from './try-pin.ts'
import { type Pkcs11Uri, parsePkcs11Uri } from './uri.ts'

export interface Pkcs11TokenOptions extends PinMemory {
  /**
   * The token, as RFC 7512 describes it: `pkcs11:token=acme?module-path=/usr/lib/…so&pin-source=file:…`. What it says of a
   * key (`object`, `id`, `type`) is left out of account here. `pin-value` is refused: URIs end up in logs and histories.
   */
  readonly uri: string | Pkcs11Uri
  /** The absolute path of the PKCS#11 module, where the URI has none. Its code runs in this process. */
  readonly modulePath?: string
  /** Where the PIN is, in place of the URI's `pin-source`. */
  readonly pin?: PinSource
  /**
   * The most sessions to have open: as many calls are in the token at a time. Default: 8. All that use one token in a process
   * share its sessions, and the largest number counts.
   */
  readonly sessions?: number
  /** Also uses keys that may leave the token. Off by default. */
  readonly allowExtractable?: boolean
  /** What NSS's softoken takes in place of a configuration file: `configdir='sql:/path'`. */
  readonly libraryParameters?: string
}

const OPTIONS: OptionNames<Pkcs11TokenOptions> = {
  uri: true,
  modulePath: true,
  pin: true,
  sessions: true,
  allowExtractable: true,
  libraryParameters: true,
  refusedPins: true,
  retryPin: true,
}

/** Attributes of the query that are for whoever uses a key of the token. */
const OF_KEYRINGS: readonly string[] = ['namespace', 'name', 'padding', 'public-key-file', 'allow-weak-keys']
const DEFAULT_SESSIONS = 8
const MAX_SESSIONS = 256

/**
 * A PKCS#11 token. Nothing is loaded and nobody is asked before it is first used; it is found again after it was lost.
 *
 * @throws TypeError for options that are unknown or of the wrong type, a malformed URI, one that holds a PIN or attributes
 * that nobody here knows, and a missing, relative or contradictory module path; RangeError for sessions outside 1 to 256.
 */
export function pkcs11Token(options: Pkcs11TokenOptions): Token {
  return pkcs11TokenOn(openSharedModule, options)
}

/** `pkcs11Token` on modules that are opened by `openModule`. */
export function pkcs11TokenOn(
  openModule: (location: ModuleLocation) => Promise<Module>,
  given: Pkcs11TokenOptions,
): Token {
  const options = readOptions('pkcs11Token', given, OPTIONS)
  const { sessions = DEFAULT_SESSIONS, allowExtractable = false, libraryParameters, refusedPins, retryPin } = options
  const uri = typeof options.uri === 'string' ? parsePkcs11Uri(options.uri) : options.uri
  refuseUnknownAttributes(uri)
  wholeNumber('pkcs11Token: sessions', sessions, 1, MAX_SESSIONS)
  for (const [name, value] of Object.entries({ allowExtractable, retryPin: retryPin ?? false })) {
    if (typeof value !== 'boolean')
      throw new TypeError(`pkcs11Token: ${name} must be true or false, got ${kindOf(value)}`)
  }
  const { pinSource } = uri.query
  const pin = options.pin ?? (pinSource === undefined ? undefined : pinSourceOf(pinSource))
  const location = record<ModuleLocation>(
    { path: modulePathOf(uri, options.modulePath) },
    libraryParameters === undefined ? {} : { libraryParameters },
  )
  const connection = createConnection({
    openModule: () => openModule(location),
    path: uri.path,
    pin,
    sessions,
    pinMemory: record(refusedPins === undefined ? {} : { refusedPins }, retryPin === undefined ? {} : { retryPin }),
  })
  return tokenOver({ connection, allowExtractable })
}

function refuseUnknownAttributes({ query, vendorPath, vendorQuery }: Pkcs11Uri): void {
  if (query.pinValue !== undefined) {
    throw new TypeError(
      'a PKCS#11 URI here holds no PIN: name where it is, as pin-source=file:PATH or pin-source=env:NAME',
    )
  }
  if (query.moduleName !== undefined) {
    throw new TypeError(
      'module-name leaves it to the system which library is loaded: give module-path, an absolute path',
    )
  }
  const unknown = [...vendorPath.keys(), ...[...vendorQuery.keys()].filter((name) => !OF_KEYRINGS.includes(name))]
  if (unknown.length > 0) throw new TypeError(`PKCS#11 URI: unknown attribute ${unknown.join(', ')}`)
}

function modulePathOf({ query }: Pkcs11Uri, option: string | undefined): string {
  const path = query.modulePath ?? option
  if (path === undefined) throw new TypeError('name the PKCS#11 module: its absolute path as module-path in the URI')
  if (option !== undefined && option !== path)
    throw new TypeError('the URI and modulePath name different PKCS#11 modules')
  if (!isAbsolute(path)) throw new TypeError(`the path of a PKCS#11 module is absolute: ${path}`)
  return path
}
