/// <reference lib="esnext.disposable" preserve="true" />
import type { Keyring } from '@bongtu/client'
import { defaultEngine, type Engine, type KeyInput } from '@bongtu/crypto'
import { hasOption, type OptionNames, oneOf, readOptions, record } from '@bongtu/crypto/options'
import { type RawKeyName, rawAesKeyName, rawAesLayout, rawRsaKeyName, rawRsaLayout } from '@bongtu/keyrings/raw-layout'
import { pkcs11Token } from './pkcs11/pkcs11-token.ts'
import { parsePkcs11Uri } from './pkcs11/uri.ts'
import { rsaHalves } from './rsa-halves.ts'
import { type KeyRef, OAEP_PADDINGS, type OaepPadding, type Token } from './token.ts'

interface Common {
  /** The provider id of its encrypted data keys. May not begin with `aws-kms`. */
  readonly namespace?: string
  /** Tells this key from the others of the namespace. Readers, with or without the token, must use the same. */
  readonly name?: string
  /** Makes it a keyring on an RSA key. No default, since writer and reader must agree. Absent: an AES key. */
  readonly padding?: OaepPadding
  /**
   * To encrypt under an RSA key: its public half as PEM, DER (SPKI), a JWK, a CryptoKey, or a node KeyObject. Default: what
   * the token shows of it. Either way it encrypts nothing before the private half was seen to open it.
   */
  readonly publicKey?: KeyInput
  /**
   * Also encrypts under an RSA key of fewer than 2,048 bits or with a public exponent below 65,537. Default: `false`, which
   * rejects with ERR_KEYRING when a data key is wrapped. Messages under such a key are decrypted in any case.
   */
  readonly allowWeakKeys?: boolean
  /** Where data keys are generated and RSA encrypts. Default: the engine of this platform. */
  readonly engine?: Engine
}

/** A key by its PKCS#11 URI: `pkcs11:token=…;object=…?module-path=…&pin-source=file:…` (RFC 7512). */
export interface LocalHsmByUri extends Common {
  readonly uri: string
}

/** A key of a token that was opened already, be it `pkcs11Token` or `embeddedToken`. */
export interface LocalHsmByToken extends Common {
  readonly token: Token
  /** Its label, or label and id. */
  readonly key: string | KeyRef
  readonly namespace: string
  readonly name: string
}

export type LocalHsmOptions = LocalHsmByUri | LocalHsmByToken

const COMMON: OptionNames<Common> = {
  namespace: true,
  name: true,
  padding: true,
  publicKey: true,
  allowWeakKeys: true,
  engine: true,
}
const BY_URI: OptionNames<LocalHsmByUri> = { uri: true, ...COMMON }
const KEY_REF: OptionNames<KeyRef> = { label: true, id: true }
const BY_TOKEN: OptionNames<LocalHsmByToken> = { token: true, key: true, ...COMMON }

/** A keyring that is done with its token once it is disposed of: `await using keyring = localHsm(…)`. */
export interface LocalHsmKeyring extends Keyring, AsyncDisposable {}

/**
 * Wraps data keys under a key that never leaves its token: an AES key with AES-GCM in the layout of raw-aes-keyring.md, or,
 * with `padding`, an RSA key with RSA-OAEP in that of raw-rsa-keyring.md. Whoever holds an exported copy of the key reads
 * the messages with `rawAes` or `rawRsa` under the same namespace and name, and so do the AWS Encryption SDKs.
 *
 * With a URI, `namespace` is by default the token's label and `name` the key's, as the URI has them; the URI may hold
 * `namespace`, `name`, `padding` and `allow-weak-keys=true` in its query. The key is looked up when it is first used; failures are `TokenError`s,
 * as causes where the SDK reports them. Keyrings on one token share its sessions. `await keyring[Symbol.asyncDispose]()`, or
 * `await using`, gives them up: the last keyring that was made with a URI closes them. A token that was given stays open.
 *
 * @throws TypeError for options that are unknown, missing or of the wrong type, and a malformed or contradictory URI;
 * RangeError for a namespace or name that is empty, not well-formed, too long, or of the AWS KMS keyrings.
 */
export function localHsm(options: LocalHsmOptions): LocalHsmKeyring {
  const settings = resolved(options)
  // The caller that made the token closes it.
  const dispose = isByUri(options) ? settings.token.close : async () => {}
  return Object.freeze({ ...keyringOf(settings), [Symbol.asyncDispose]: dispose })
}

function keyringOf(resolved: Resolved): Keyring {
  const { token, key, namespace, name, padding, publicKey, allowWeakKeys, engine = defaultEngine } = resolved
  if (allowWeakKeys !== undefined) oneOf('localHsm: allowWeakKeys', allowWeakKeys, [true, false])
  if (padding === undefined) {
    if (publicKey !== undefined) throw new TypeError('localHsm: publicKey is for RSA keys, which need padding')
    if (allowWeakKeys !== undefined) throw new TypeError('localHsm: allowWeakKeys is for RSA keys, which need padding')
    const keyName = labelled(rawAesKeyName('hsm', namespace, name), token)
    const aes = token.aesKey(key)
    return rawAesLayout({ keyName, engine, key: aes })
  }
  if (!OAEP_PADDINGS.includes(padding)) {
    throw new TypeError(`localHsm: padding must be one of ${OAEP_PADDINGS.join(', ')}; no default`)
  }
  const keyName = labelled(rawRsaKeyName('hsm', namespace, name), token)
  const keys = rsaHalves({ key: token.rsaKey(key), padding, engine, ...(publicKey === undefined ? {} : { publicKey }) })
  return rawRsaLayout({ keyName, engine, padding, allowWeakKeys: allowWeakKeys === true, keys })
}

type Resolved = LocalHsmByToken & { readonly key: KeyRef }

/** Whether `uri` is a property of the options, or of their classes, other than `Object.prototype`. */
const isByUri = (given: LocalHsmOptions): given is LocalHsmByUri =>
  typeof given === 'object' && given !== null && hasOption(given, 'uri')

function resolved(given: LocalHsmOptions): Resolved {
  if (isByUri(given)) return resolvedUri(given)
  const options = readOptions('localHsm', given, BY_TOKEN)
  const { key } = options
  if (typeof options.token !== 'object' || options.token === null)
    throw new TypeError('localHsm: give uri, or token and key')
  return record(options, { key: checkedRef(typeof key === 'string' ? { label: key } : key) })
}

function resolvedUri(given: LocalHsmByUri): Resolved {
  const options = readOptions('localHsm', given, BY_URI)
  const { path, vendorQuery } = parsePkcs11Uri(options.uri)
  const padding = options.padding ?? (vendorQuery.get('padding') as OaepPadding | undefined)
  requireType(path.type, padding)
  if (vendorQuery.has('public-key-file')) throw new TypeError('localHsm: give publicKey in place of public-key-file')
  const weak = vendorQuery.get('allow-weak-keys')
  const allowWeakKeys =
    options.allowWeakKeys ??
    (weak === undefined ? undefined : oneOf('allow-weak-keys', weak, ['true', 'false']) === 'true')
  const namespace = options.namespace ?? vendorQuery.get('namespace') ?? path.token
  const name = options.name ?? vendorQuery.get('name') ?? path.object
  if (namespace === undefined || name === undefined) {
    throw new TypeError('localHsm: give namespace and name, or a URI with token and object, which they are by default')
  }
  const { object, id } = path
  const key = checkedRef({ ...(object === undefined ? {} : { label: object }), ...(id === undefined ? {} : { id }) })
  const { uri, ...common } = options
  const chosen = { token: pkcs11Token({ uri }), key, namespace, name }
  return record<Resolved>(
    chosen,
    common,
    chosen,
    padding === undefined ? {} : { padding },
    allowWeakKeys === undefined ? {} : { allowWeakKeys },
  )
}

function requireType(type: string | undefined, padding: OaepPadding | undefined): void {
  if (type === undefined || type === (padding === undefined ? 'secret-key' : 'private')) return
  const needs = type === 'private' ? 'needs padding' : 'is no wrapping key: secret-key and private are'
  throw new TypeError(`localHsm: a key of type ${type} ${padding === undefined ? needs : 'takes no padding'}`)
}

function checkedRef(key: KeyRef): KeyRef {
  const { label, id } = readOptions('localHsm: key', key, KEY_REF)
  if (label === undefined && id === undefined)
    throw new TypeError('localHsm: name the key by label (object in a URI) or id')
  if (label !== undefined && (typeof label !== 'string' || label === ''))
    throw new TypeError('localHsm: a label is text')
  if (id !== undefined && (!(id instanceof Uint8Array) || id.length === 0))
    throw new TypeError('localHsm: an id is bytes')
  return record<KeyRef>(label === undefined ? {} : { label }, id === undefined ? {} : { id: id.slice() })
}

/** Errors name the keyring by what encrypted data keys say, and by where its key is. */
const labelled = (keyName: RawKeyName, token: Token): RawKeyName => ({
  ...keyName,
  label: `${keyName.label} in ${token.name}`,
})
