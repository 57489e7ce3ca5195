import { readUint16, writeUint16 } from './bytes.ts'
import { BongtuError } from './errors.ts'
import { decodeUtf8, encodeUtf8 } from './text.ts'

/**
 * Pairs that are authenticated with a message but not encrypted. Frozen, without a prototype (so that `__proto__` and
 * `constructor` are keys like others), added in the order of the keys' UTF-8 bytes. JavaScript itself lists keys that
 * look like array indices first, so whoever needs the order takes it from `encodeEncryptionContext`.
 */
export type EncryptionContext = Readonly<Record<string, string>>

/** Keys that start so belong to the format (client.md, "encryption context"): never accepted from who encrypts. */
export const RESERVED_CONTEXT_PREFIX = 'aws-crypto-'

/** Where signed suites keep the Base64 of their compressed public key. */
export const PUBLIC_KEY_CONTEXT_KEY = 'aws-crypto-public-key'

const MAX_LENGTH = 0xffff

interface EncodedPair {
  readonly key: string
  readonly value: string
  readonly keyBytes: Uint8Array
  readonly valueBytes: Uint8Array
}

/**
 * Copies the enumerable pairs of a plain object. Throws a TypeError where it is none (a Map, an object of a class) or a
 * value is no string, and ERR_CONTEXT for a surrogate without its other half, for a key or value over 65,535 bytes of
 * UTF-8, and where the whole is over 65,535 bytes as the header carries it.
 */
export function encryptionContext(pairs: Readonly<Record<string, string>>): EncryptionContext {
  return fromPairs(encodePairs(pairs))
}

/** structures.md, "encryption context": no bytes for no pairs; else count ‖ (length ‖ key ‖ length ‖ value)…, sorted by the keys' bytes. Throws as `encryptionContext` does. */
export function encodeEncryptionContext(context: EncryptionContext): Uint8Array {
  return serialise(encodePairs(context))
}

/** How many bytes `encodeEncryptionContext` gives. */
export function encryptionContextLength(context: EncryptionContext): number {
  return serialisedLength(encodePairs(context))
}

/**
 * The context that a header carries. Throws ERR_MALFORMED for a key twice, for text that is not UTF-8, and for lengths
 * that do not add up to exactly these bytes.
 *
 * Two forms that the specification does not write are read, since what is authenticated is the received header and not
 * its re-encoding: pairs in any order, as in four of the commitment test vectors that AWS publishes and, for keys outside
 * the basic plane, in what Go before 0.2.0 wrote; and a count of zero where there should be no bytes at all.
 */
export function decodeEncryptionContext(bytes: Uint8Array): EncryptionContext {
  if (bytes.length === 0) return fromPairs([])
  const fields = contextFields(bytes)
  const pairs: EncodedPair[] = []
  const seen = new Set<string>()
  const count = fields.count()
  for (let index = 0; index < count; index++) {
    const keyBytes = fields.next()
    const valueBytes = fields.next()
    const key = text(keyBytes, 'key')
    if (seen.has(key)) throw malformed(`the key ${quote(key)} stands twice`)
    seen.add(key)
    pairs.push({ key, value: text(valueBytes, 'value'), keyBytes, valueBytes })
  }
  fields.end()
  return fromPairs(inKeyOrder(pairs))
}

function contextFields(bytes: Uint8Array): { count(): number; next(): Uint8Array; end(): void } {
  let at = 0
  const number = (): number => {
    if (at + 2 > bytes.length) throw malformed('it ends within a length')
    at += 2
    return readUint16(bytes, at - 2)
  }
  return {
    count: number,
    next: () => {
      const length = number()
      if (at + length > bytes.length) throw malformed('a key or value reaches beyond its end')
      at += length
      return bytes.subarray(at - length, at)
    },
    end: () => {
      if (at !== bytes.length) throw malformed(`${bytes.length - at} bytes stand behind its last pair`)
    },
  }
}

function text(bytes: Uint8Array, what: string): string {
  const decoded = decodeUtf8(bytes)
  if (decoded === null) throw malformed(`a ${what} is not valid UTF-8`)
  return decoded
}

function malformed(why: string): BongtuError {
  return new BongtuError('ERR_MALFORMED', `the header's encryption context is malformed: ${why}`)
}

function fromPairs(pairs: readonly EncodedPair[]): EncryptionContext {
  const context: Record<string, string> = Object.create(null)
  for (const { key, value } of pairs) context[key] = value
  return Object.freeze(context)
}

function serialise(pairs: readonly EncodedPair[]): Uint8Array {
  const bytes = new Uint8Array(serialisedLength(pairs))
  if (pairs.length === 0) return bytes
  writeUint16(bytes, 0, pairs.length)
  let at = 2
  for (const { keyBytes, valueBytes } of pairs) {
    at = putField(bytes, at, keyBytes)
    at = putField(bytes, at, valueBytes)
  }
  return bytes
}

/** Answers where the next field begins. */
function putField(bytes: Uint8Array, at: number, field: Uint8Array): number {
  writeUint16(bytes, at, field.length)
  bytes.set(field, at + 2)
  return at + 2 + field.length
}

function encodePairs(pairs: Readonly<Record<string, string>>): EncodedPair[] {
  if (!isPlainObject(pairs)) {
    throw new TypeError(
      'an encryption context is a plain object whose values are strings; of a Map, Object.fromEntries',
    )
  }
  const encoded: EncodedPair[] = []
  for (const key of Object.keys(pairs)) {
    const value = pairs[key]
    if (typeof value !== 'string') {
      throw new TypeError(`the encryption context's value for ${quote(key)} is no string`)
    }
    encoded.push({ key, value, keyBytes: encodeText(key, key, 'key'), valueBytes: encodeText(value, key, 'value') })
  }
  const total = serialisedLength(encoded)
  if (total > MAX_LENGTH) {
    throw new BongtuError(
      'ERR_CONTEXT',
      `the encryption context takes ${total} bytes in the header, which holds at most ${MAX_LENGTH}`,
    )
  }
  return inKeyOrder(encoded)
}

/** Not a Map nor an object of a class: what they hold is no property of their own, and would silently be left out. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // By what it has rather than by identity, which fails between realms (test runners, iframes, vm contexts).
  return (
    prototype === null ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'isPrototypeOf'))
  )
}

function encodeText(value: string, key: string, what: string): Uint8Array {
  const bytes = encodeUtf8(value)
  if (bytes !== null) return bytes
  const which = `${what}${what === 'value' ? ' for' : ''} ${quote(key)}`
  throw new BongtuError(
    'ERR_CONTEXT',
    `the encryption context's ${which} holds a surrogate without its other half, which UTF-8 cannot write`,
  )
}

/** Keys may be named in errors, values may not; a key may be 64 KiB long. */
function quote(key: string): string {
  return JSON.stringify(key.length > 64 ? `${key.slice(0, 64)}…` : key)
}

function serialisedLength(pairs: readonly EncodedPair[]): number {
  if (pairs.length === 0) return 0
  let length = 2
  for (const { keyBytes, valueBytes } of pairs) length += 4 + keyBytes.length + valueBytes.length
  return length
}

/** What is in order already, as most are, is not copied about. */
function inKeyOrder(pairs: EncodedPair[]): EncodedPair[] {
  const ordered = pairs.every((pair, at) => {
    const before = pairs[at - 1]
    return before === undefined || byKeyBytes(before, pair) <= 0
  })
  return ordered ? pairs : pairs.sort(byKeyBytes)
}

/** The order of the UTF-8 bytes is that of the code points, not that of JavaScript's UTF-16 units. */
function byKeyBytes({ keyBytes: a }: EncodedPair, { keyBytes: b }: EncodedPair): number {
  const shared = Math.min(a.length, b.length)
  for (let at = 0; at < shared; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
