import { FORMS, PATH_ATTRIBUTES, type Pkcs11Path, type Pkcs11Query, QUERY_ATTRIBUTES } from './uri-attributes.ts'

/** A PKCS#11 URI in its parts, percent-decoded (RFC 7512). */
export interface Pkcs11Uri {
  readonly path: Pkcs11Path
  readonly query: Pkcs11Query
  /** Attributes of the path and the query that the RFC does not name. Whoever uses the URI refuses those it does not know. */
  readonly vendorPath: ReadonlyMap<string, string>
  readonly vendorQuery: ReadonlyMap<string, string>
}

const SCHEME = 'pkcs11:'
/** More than any label, path and PIN source take; a bound before anything is done. */
const MAX_LENGTH = 8192

interface Component {
  readonly separator: string
  /** One attribute, still encoded: pk11-v-attr-nm-char and pk11-pchar or pk11-qchar of RFC 7512 §2.3. */
  readonly attribute: RegExp
  /** What of a value must be written percent-encoded. */
  readonly reserved: RegExp
  readonly attributes: Readonly<
    Record<string, { readonly name: string; readonly kind: keyof typeof FORMS | 'text' | 'bytes' }>
  >
}

const PATH: Component = {
  separator: ';',
  attribute: /^([A-Za-z0-9_-]+)=((?:[A-Za-z0-9\-._~:[\]@!$'()*+,=&]|%[0-9A-Fa-f]{2})*)$/,
  reserved: /[^A-Za-z0-9\-._~:[\]@!$'()*+,=&]/gu,
  attributes: PATH_ATTRIBUTES,
}

const QUERY: Component = {
  separator: '&',
  attribute: /^([A-Za-z0-9_-]+)=((?:[A-Za-z0-9\-._~:[\]@!$'()*+,=/?|]|%[0-9A-Fa-f]{2})*)$/,
  reserved: /[^A-Za-z0-9\-._~:[\]@!$'()*+,=/?|]/gu,
  attributes: QUERY_ATTRIBUTES,
}

/**
 * Reads a PKCS#11 URI. Throws a TypeError, which shows no values, for anything that RFC 7512 §2.3 does not allow: another
 * scheme, characters that must be encoded, an attribute that stands twice or has a value of the wrong form, text that is
 * not UTF-8, and a PIN beside a source of one.
 */
export function parsePkcs11Uri(text: string): Pkcs11Uri {
  if (typeof text !== 'string') throw new TypeError('a PKCS#11 URI is a string')
  if (text.length > MAX_LENGTH) throw new TypeError(`a PKCS#11 URI of more than ${MAX_LENGTH} characters`)
  if (text.slice(0, SCHEME.length).toLowerCase() !== SCHEME) throw new TypeError('a PKCS#11 URI begins with pkcs11:')
  const at = text.indexOf('?')
  const path = read(PATH, text.slice(SCHEME.length, at === -1 ? undefined : at))
  const query = read(QUERY, at === -1 ? '' : text.slice(at + 1))
  const uri = { path: path.known, query: query.known, vendorPath: path.vendor, vendorQuery: query.vendor }
  if ('pinSource' in uri.query && 'pinValue' in uri.query) {
    throw new TypeError('a PKCS#11 URI has pin-source or pin-value, never both')
  }
  return uri
}

/** Writes a PKCS#11 URI; reading it gives the same parts. */
export function formatPkcs11Uri(uri: Partial<Pkcs11Uri>): string {
  const path = write(PATH, { ...uri.path }, uri.vendorPath)
  const query = write(QUERY, { ...uri.query }, uri.vendorQuery)
  return `${SCHEME}${path}${query === '' ? '' : `?${query}`}`
}

function read(component: Component, text: string) {
  const known: Record<string, string | Uint8Array> = {}
  const vendor = new Map<string, string>()
  const members = new Map(Object.entries(component.attributes).map(([member, row]) => [row.name, { member, ...row }]))
  for (const part of text === '' ? [] : text.split(component.separator)) {
    const [, name, encoded] = component.attribute.exec(part) ?? []
    if (name === undefined || encoded === undefined) throw new TypeError(malformed(part))
    const row = members.get(name)
    if (row === undefined ? vendor.has(name) : Object.hasOwn(known, row.member)) {
      throw new TypeError(`PKCS#11 URI: ${name} stands twice`)
    }
    if (row === undefined) vendor.set(name, decodeText(name, encoded))
    else known[row.member] = row.kind === 'bytes' ? decodeBytes(encoded) : decodeForm(name, row.kind, encoded)
  }
  return { known, vendor }
}

function write(
  { separator, reserved, attributes }: Component,
  known: Readonly<Record<string, string | Uint8Array>>,
  vendor: ReadonlyMap<string, string> = new Map(),
): string {
  const parts = Object.entries(attributes).flatMap(([member, { name }]) => {
    const value = known[member]
    return value === undefined ? [] : [`${name}=${encode(value, reserved)}`]
  })
  const others = [...vendor].map(([name, value]) => `${name}=${encode(value, reserved)}`)
  return [...parts, ...others].join(separator)
}

function encode(value: string | Uint8Array, reserved: RegExp): string {
  // RFC 7512 §2.3 advises to encode the whole of an id, which is bytes.
  if (typeof value !== 'string') return Array.from(value, percent).join('')
  return value.replaceAll(reserved, (character) => Array.from(Buffer.from(character), percent).join(''))
}

const percent = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`

/** Its parts were checked: every % stands before two digits, and everything else is ASCII. */
function decodeBytes(encoded: string): Uint8Array {
  const binary = encoded.replaceAll(/%(..)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

function decodeText(name: string, encoded: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(decodeBytes(encoded))
  } catch {
    throw new TypeError(`PKCS#11 URI: ${name} is not UTF-8`)
  }
}

function decodeForm(name: string, kind: keyof typeof FORMS | 'text', encoded: string): string {
  const text = decodeText(name, encoded)
  const expected = FORMS[kind as keyof typeof FORMS]
  if (expected !== undefined && !expected.form.test(text)) throw new TypeError(`PKCS#11 URI: ${name} ${expected.says}`)
  return text
}

/** Names the attribute where there is one, and never its value, which may be a PIN. */
function malformed(part: string): string {
  const name = /^([A-Za-z0-9_-]+)=/.exec(part)?.[1]
  if (name === undefined) return 'PKCS#11 URI: between its separators stands name=value'
  return `PKCS#11 URI: in ${name}, a character stands that must be percent-encoded, or a % without two hex digits`
}
