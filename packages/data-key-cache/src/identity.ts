import type { DecryptionCacheRequest, EncryptedDataKey, EncryptionCacheRequest, Keyring } from '@bongtu/client'
import { type Awaitable, defaultEngine } from '@bongtu/crypto'
import { type ByteWriter, byteWriter } from './byte-writer.ts'

/** The digest of all that may change a result, as a string of one character a byte. */
export type EntryId = string

/** Tells requests apart. Two of them have one id only where a data key of the one serves the other. */
export interface Identities {
  ofEncryption(request: EncryptionCacheRequest): Awaitable<EntryId>
  ofDecryption(request: DecryptionCacheRequest): Awaitable<EntryId>
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
    if (partition !== undefined) return `partition ${partition}`
    const known = keyrings.get(keyring)
    if (known !== undefined) return known
    const fresh = `keyring ${++count}`
    keyrings.set(keyring, fresh)
    return fresh
  }
  const writer = byteWriter()
  return {
    ofEncryption({ keyring, suite, commitmentPolicy, encryptionContext, requiredEncryptionContextKeys }) {
      writer.start()
      writer.text('encrypt')
      writer.text(partitionOf(keyring))
      writer.number(suite.id)
      writer.text(commitmentPolicy)
      writePairs(writer, encryptionContext)
      writeTexts(writer, inOrder([...new Set(requiredEncryptionContextKeys)]))
      return digest(writer)
    },
    ofDecryption({ keyring, suite, commitmentPolicy, encryptionContext, expectedContext, encryptedDataKeys }) {
      writer.start()
      writer.text('decrypt')
      writer.text(partitionOf(keyring))
      writer.number(suite.id)
      writer.text(commitmentPolicy)
      writePairs(writer, encryptionContext)
      writePairs(writer, expectedContext)
      writeKeys(writer, encryptedDataKeys)
      return digest(writer)
    },
  }
}

function digest(writer: ByteWriter): Awaitable<EntryId> {
  const hashed = defaultEngine.hash('sha384', writer.taken())
  return hashed instanceof Promise ? hashed.then(textOf) : textOf(hashed)
}

/** Not by spreading, which makes an object of each byte. */
const textOf = (bytes: Uint8Array): string => Reflect.apply(String.fromCharCode, undefined, bytes)

function writePairs(writer: ByteWriter, context: Readonly<Record<string, string>>): void {
  const keys = inOrder(Object.keys(context))
  writer.number(keys.length)
  for (const key of keys) {
    writer.text(key)
    writer.text(context[key] ?? '')
  }
}

function writeTexts(writer: ByteWriter, texts: readonly string[]): void {
  writer.number(texts.length)
  for (const text of texts) writer.text(text)
}

/** In one order, whatever order they came in. */
function writeKeys(writer: ByteWriter, keys: readonly EncryptedDataKey[]): void {
  writer.number(keys.length)
  for (const { providerId, keyInfo, ciphertext } of keys.length > 1 ? keys.toSorted(byBytes) : keys) {
    writer.text(providerId)
    writer.bytes(keyInfo)
    writer.bytes(ciphertext)
  }
}

/** The client's contexts are in order already, and sorting copies. */
const inOrder = (texts: string[]): string[] =>
  texts.every((text, at) => at === 0 || (texts[at - 1] ?? '') < text) ? texts : texts.sort()

function byBytes(a: EncryptedDataKey, b: EncryptedDataKey): number {
  if (a.providerId !== b.providerId) return a.providerId < b.providerId ? -1 : 1
  return compare(a.keyInfo, b.keyInfo) || compare(a.ciphertext, b.ciphertext)
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index])
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1)
}
