import type { DecryptionCacheRequest, EncryptedDataKey, EncryptionCacheRequest, Keyring } from '@bongtu/client'
import { defaultEngine } from '@bongtu/crypto'

/** The digest of all that may change a result, as a string of one character a byte. */
export type EntryId = string

/** Tells requests apart. Two of them have one id only where a data key of the one serves the other. */
export interface Identities {
  ofEncryption(request: Omit<EncryptionCacheRequest, 'generate'>): Promise<EntryId>
  ofDecryption(request: Omit<DecryptionCacheRequest, 'unwrap'>): Promise<EntryId>
}

const encoder = new TextEncoder()

/** One character a byte. */
function text(bytes: Uint8Array): string {
  if (bytes.length <= MOST_ARGUMENTS) return String.fromCharCode(...bytes)
  return text(bytes.subarray(0, MOST_ARGUMENTS)) + text(bytes.subarray(MOST_ARGUMENTS))
}

/** A field of an encrypted data key may have 64 KiB, which no small stack takes as arguments. */
const MOST_ARGUMENTS = 1024

/**
 * Identities under one partition, or, without one, told apart by keyring object. What goes into the digest is JSON of
 * arrays and strings, which no two different requests share: unlike the caching CMM's own ids, it also covers commitment
 * policy, required keys and expected context (CVE-2026-6550).
 */
export function identities(partition: string | undefined): Identities {
  const keyrings = new WeakMap<Keyring, string>()
  let count = 0
  const partitionOf = (keyring: Keyring): readonly string[] => {
    if (partition !== undefined) return ['partition', partition]
    const known = keyrings.get(keyring) ?? `${++count}`
    keyrings.set(keyring, known)
    return ['keyring', known]
  }
  return {
    ofEncryption: ({ keyring, suite, commitmentPolicy, encryptionContext, requiredEncryptionContextKeys }) =>
      digest([
        'encrypt',
        partitionOf(keyring),
        suite.id,
        commitmentPolicy,
        pairs(encryptionContext),
        [...new Set(requiredEncryptionContextKeys)].sort(),
      ]),
    ofDecryption: ({ keyring, suite, commitmentPolicy, encryptionContext, expectedContext, encryptedDataKeys }) =>
      digest([
        'decrypt',
        partitionOf(keyring),
        suite.id,
        commitmentPolicy,
        pairs(encryptionContext),
        pairs(expectedContext),
        encryptedDataKeys.map(fields).sort(),
      ]),
  }
}

async function digest(value: unknown): Promise<EntryId> {
  return text(await defaultEngine.hash('sha384', encoder.encode(JSON.stringify(value))))
}

/** In one order whatever order they came in. */
const pairs = (context: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))

const fields = ({ providerId, keyInfo, ciphertext }: EncryptedDataKey): string =>
  JSON.stringify([providerId, text(keyInfo), text(ciphertext)])
