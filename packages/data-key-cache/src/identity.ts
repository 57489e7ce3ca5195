import type { DecryptionCacheRequest, EncryptedDataKey, EncryptionCacheRequest, Keyring } from '@bongtu/client'
import { defaultEngine } from '@bongtu/crypto'

/** The digest of all that may change a result, as a string of one character a byte. */
export type EntryId = string

/** Tells requests apart. Two of them have one id only where a data key of the one serves the other. */
export interface Identities {
  ofEncryption(request: EncryptionCacheRequest): Promise<EntryId>
  ofDecryption(request: DecryptionCacheRequest): Promise<EntryId>
}

/**
 * Identities under one partition, or, without one, told apart by keyring object. What goes into the digest stands behind
 * its length, so that no two different requests share it: unlike the caching CMM's own ids, it also covers commitment
 * policy, required keys and expected context (CVE-2026-6550).
 */
export function identities(partition: string | undefined): Identities {
  const keyrings = new WeakMap<Keyring, string>()
  let count = 0
  const partitionOf = (keyring: Keyring): string => {
    if (partition !== undefined) return `partition${field(partition)}`
    const known = keyrings.get(keyring) ?? `keyring${field(`${++count}`)}`
    keyrings.set(keyring, known)
    return known
  }
  return {
    ofEncryption: ({ keyring, suite, commitmentPolicy, encryptionContext, requiredEncryptionContextKeys }) =>
      digest(
        `encrypt ${partitionOf(keyring)}${suite.id}${field(commitmentPolicy)}${pairs(encryptionContext)}${names(requiredEncryptionContextKeys)}`,
        [],
      ),
    ofDecryption: ({ keyring, suite, commitmentPolicy, encryptionContext, expectedContext, encryptedDataKeys }) =>
      digest(
        `decrypt ${partitionOf(keyring)}${suite.id}${field(commitmentPolicy)}${pairs(encryptionContext)}${pairs(expectedContext)}`,
        encryptedDataKeys,
      ),
  }
}

const encoder = new TextEncoder()

/** The client lets no text through that is not well-formed, so UTF-8 changes none. */
async function digest(text: string, encryptedDataKeys: readonly EncryptedDataKey[]): Promise<EntryId> {
  const keys = encryptedDataKeys.map(serialised)
  const bytes = joined([encoder.encode(text), ...(keys.length > 1 ? keys.sort(byBytes) : keys)])
  // Spread out as arguments, an array of bytes would cost an object for each.
  return Reflect.apply(String.fromCharCode, undefined, await defaultEngine.hash('sha384', bytes))
}

const field = (text: string): string => `(${text.length}:${text})`

/** In one order, whatever order they came in. */
function pairs(context: Readonly<Record<string, string>>): string {
  const keys = inOrder(Object.keys(context))
  return `[${keys.length}:${keys.map((key) => field(key) + field(context[key] ?? '')).join('')}]`
}

/** The client's contexts are in order already, and sorting makes copies. */
const inOrder = (keys: string[]): string[] =>
  keys.every((key, at) => at === 0 || (keys[at - 1] ?? '') < key) ? keys : keys.sort()

const names = (keys: readonly string[]): string =>
  keys.length === 0 ? '' : `[${[...new Set(keys)].sort().map(field).join('')}]`

/** length ‖ length ‖ length ‖ provider id ‖ key information ‖ ciphertext, each length in 32 bits. */
function serialised({ providerId, keyInfo, ciphertext }: EncryptedDataKey): Uint8Array {
  const fields = [encoder.encode(providerId), keyInfo, ciphertext]
  const lengths = Uint32Array.from(fields, ({ length }) => length)
  return joined([new Uint8Array(lengths.buffer), ...fields])
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts
  if (parts.length === 1 && first !== undefined) return first
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function byBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index])
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? 0)
}
