import { isAbsolute, join } from 'node:path'
import {
  embeddedToken,
  type KeyRef,
  type OaepPadding,
  type PinMemory,
  type PinSource,
  type Pkcs11Path,
  type Pkcs11Uri,
  parsePkcs11Uri,
  pkcs11Token,
  refusedPinsIn,
  type Token,
  type TokenKey,
} from '@bongtu/hsm'
import type { LoginFlags } from '../commands/hsm/options.ts'
import { asUsage, usage } from '../failure.ts'
import { homeFolder } from '../home.ts'
import type { Io } from '../io.ts'
import { secretOf } from '../jobs/hsm/secret-of.ts'
import { closeAtEnd } from '../open-tokens.ts'
import { askSecret } from '../terminal/ask-secret.ts'
import { guardModules } from './native-calls.ts'
import { decodePart, type KeyUri, refuseUnknownParameters } from './parse.ts'
import { PASSPHRASE_PARAMETERS, tokenPassphrase } from './token-passphrase.ts'
import { allowsWeakKeys, WEAK_KEYS } from './weak-keys.ts'

/** A token that a URI names, and what the URI says of a key in it. */
export interface NamedToken {
  readonly token: Token
  readonly key: KeyRef
  /** Absent where the URI leaves it open. */
  readonly kind: TokenKey['kind'] | undefined
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly padding: OaepPadding | undefined
  readonly publicKeyFile: string | undefined
  readonly allowWeakKeys: boolean
}

/** The schemes that name tokens. */
export const TOKEN_SCHEMES: readonly string[] = ['pkcs11', 'token-file']

/** The token of a `pkcs11:` or `token-file:` URI, which is open until the command ends. Throws a usage failure, which shows no PIN, for what it says wrongly. */
export function tokenOf(uri: KeyUri, io: Io, login: LoginFlags = { retryPin: false }): NamedToken {
  const named = namedBy(uri, io, login)
  closeAtEnd(io, named.token.close)
  return named
}

function namedBy(uri: KeyUri, io: Io, login: LoginFlags): NamedToken {
  if (uri.scheme === 'pkcs11') return asUsage(() => pkcs11Of(readPkcs11Uri(uri.text), io, login))
  if (uri.scheme === 'token-file') return tokenFileOf(uri, io)
  throw usage(`${uri.text}: names no token; pkcs11:… and token-file:… do`)
}

/** Whether a key of the token is one that the URI may mean. */
export const isNamed = (each: TokenKey, { key: { label, id }, kind }: NamedToken): boolean =>
  (label === undefined || each.label === label) &&
  (id === undefined || Buffer.compare(each.id, id) === 0) &&
  (kind === undefined || each.kind === kind)

/** The parts of a `pkcs11:` URI. A message never repeats the URI, in which somebody may have put a PIN. */
export function readPkcs11Uri(text: string): Pkcs11Uri {
  try {
    const uri = parsePkcs11Uri(text)
    if (uri.query.pinValue === undefined) return uri
  } catch (error) {
    throw usage(error instanceof Error ? error.message : 'no PKCS#11 URI', error)
  }
  throw usage('pkcs11: a PIN on the command line is seen by others; give pin-source=file:FILE or pin-source=env:NAME')
}

/** Where the module of a `pkcs11:` URI is: as the URI says, else as the environment does. */
export function modulePathOf({ query }: Pkcs11Uri, io: Io): string {
  const path = query.modulePath ?? io.env.BONGTU_PKCS11_MODULE
  if (path !== undefined && path !== '') {
    if (isAbsolute(path)) return path
    throw usage(
      `pkcs11: the path of a PKCS#11 module must be absolute, so that the system does not search; got ${path}`,
    )
  }
  throw usage('pkcs11: lacks module-path=FILE, the PKCS#11 module of the device; $BONGTU_PKCS11_MODULE may name it too')
}

/** Where the PIN is: as the URI says, in $BONGTU_PKCS11_PIN, or with whoever sits at the terminal. */
export function pinOf({ query }: Pkcs11Uri, io: Io): PinSource | undefined {
  const { pinSource } = query
  // Read here, so that a file that others may read is warned of.
  if (pinSource?.startsWith('file:')) return () => secretOf(pinSource, io)
  // Of what is no source, the token tells.
  if (pinSource !== undefined && !pinSource.startsWith('env:')) return undefined
  const variable = pinSource?.slice('env:'.length) ?? 'BONGTU_PKCS11_PIN'
  const value = io.env[variable]
  if (value !== undefined && value !== '') return () => value
  if (pinSource !== undefined) throw usage(`pkcs11: the variable ${variable} holds no PIN`)
  return (token) => askSecret(io, `PIN of ${token}`, 'give pin-source=file:FILE, or set BONGTU_PKCS11_PIN')
}

/** What is known of PINs that tokens refused, by this and earlier commands. */
export const pinMemoryOf = (io: Io, { retryPin }: LoginFlags): Required<PinMemory> => ({
  refusedPins: refusedPinsIn(join(homeFolder(io.env), 'refused-pins')),
  retryPin,
})

function pkcs11Of(uri: Pkcs11Uri, io: Io, login: LoginFlags): NamedToken {
  guardModules(io)
  const { path, vendorQuery } = uri
  const pin = pinOf(uri, io)
  return {
    token: pkcs11Token({
      uri,
      modulePath: modulePathOf(uri, io),
      ...(pin === undefined ? {} : { pin }),
      ...pinMemoryOf(io, login),
    }),
    key: {
      ...(path.object === undefined ? {} : { label: path.object }),
      ...(path.id === undefined ? {} : { id: path.id }),
    },
    kind: kindOf(path),
    namespace: vendorQuery.get('namespace') ?? path.token,
    name: vendorQuery.get('name') ?? path.object,
    padding: vendorQuery.get('padding') as OaepPadding | undefined,
    publicKeyFile: vendorQuery.get('public-key-file'),
    allowWeakKeys: allowsWeakKeys(vendorQuery.get(WEAK_KEYS)),
  }
}

function kindOf({ type }: Pkcs11Path): TokenKey['kind'] | undefined {
  if (type === undefined) return undefined
  if (type === 'secret-key') return 'aes'
  if (type === 'private') return 'rsa'
  throw usage(`pkcs11: nothing of type ${type} wraps keys: secret-key (AES) and private (RSA) do`)
}

function tokenFileOf(uri: KeyUri, io: Io): NamedToken {
  refuseUnknownParameters(uri, [
    ...['key', 'namespace', 'name', 'padding', 'public-key-file', WEAK_KEYS],
    ...PASSPHRASE_PARAMETERS,
  ])
  const { parameters } = uri
  const file = decodePart(uri.text, uri.path)
  if (file === '') throw usage(`${uri.text}: lacks the path of the file; \`bongtu hsm init token-file:FILE\` makes one`)
  const label = parameters.get('key')
  const passphrase = tokenPassphrase(uri, io)
  return {
    token: embeddedToken({ file, ...(passphrase === undefined ? {} : { passphrase }) }),
    key: label === undefined ? {} : { label },
    kind: undefined,
    namespace: parameters.get('namespace') ?? 'bongtu',
    name: parameters.get('name') ?? label,
    padding: parameters.get('padding') as OaepPadding | undefined,
    publicKeyFile: parameters.get('public-key-file'),
    allowWeakKeys: allowsWeakKeys(parameters.get(WEAK_KEYS)),
  }
}
