import { isBytes } from '@bongtu/crypto/options'
import {
  type AlgorithmSuite,
  algorithmSuites,
  BongtuError,
  type EncryptedDataKey,
  PUBLIC_KEY_CONTEXT_KEY,
  suiteHex,
} from '@bongtu/message-format'
import { requireEncryptAllowed } from './commitment-policy.ts'
import type { CacheOutcome, DecryptionMaterials, EncryptionMaterials } from './data-key-cache.ts'
import type { CheckedEncryptOptions } from './encrypt-options.ts'
import { publicKeyText } from './public-key.ts'

/** The longest field of an encrypted data key, in bytes (message-header.md). */
const MAX_FIELD = 0xffff

/**
 * What a keyring or a cache answers is checked as if a stranger had sent it (CVE-2026-6550). Throws ERR_POLICY or
 * ERR_KEYRING.
 */
export function requireFaultless(
  options: CheckedEncryptOptions,
  materials: EncryptionMaterials,
  outcome: CacheOutcome,
): void {
  // The row of the table: the answered object can say what it likes beside the id.
  const row = algorithmSuites.find(({ id }) => id === materials.suite.id)
  if (row !== undefined) requireEncryptAllowed(options.policy, row)
  const fault = faultOf(options, materials, outcome)
  if (fault !== undefined) throw new BongtuError('ERR_KEYRING', `${options.keyring.name ?? 'the keyring'} ${fault}`)
}

/** As `requireFaultless`; throws ERR_LIMIT for more encrypted data keys than this caller allows. */
export function checkEncryptionMaterials(
  options: CheckedEncryptOptions,
  materials: EncryptionMaterials,
  outcome: CacheOutcome,
): void {
  requireFaultless(options, materials, outcome)
  const { length: count } = materials.encryptedDataKeys
  const { maxEncryptedDataKeys: limit } = options
  if (limit !== false && count > limit) {
    throw new BongtuError(
      'ERR_LIMIT',
      `the keyring wrapped the data key ${count} times, and maxEncryptedDataKeys is ${limit}; raise it here and wherever the message is decrypted`,
    )
  }
}

/** The one of a header's encrypted data keys that was opened, if what was answered is one of them. */
export const openedKeyOf = (
  encryptedDataKeys: readonly EncryptedDataKey[],
  answered: EncryptedDataKey | undefined,
): EncryptedDataKey | undefined =>
  encryptedDataKeys.find((each) => each === answered || (answered !== undefined && sameKey(each, answered)))

const sameKey = (a: EncryptedDataKey, b: EncryptedDataKey): boolean =>
  a.providerId === b.providerId && sameBytes(a.keyInfo, b.keyInfo) && sameBytes(a.ciphertext, b.ciphertext)

/** Of public bytes; secrets are compared by the engine. */
const sameBytes = (a: Uint8Array, b: Uint8Array | undefined): boolean =>
  a.length === b?.length && a.every((byte, at) => byte === b[at])

/** Why a data key cannot be the one of a message under this suite, or nothing. */
export function faultOfDataKey(suite: AlgorithmSuite, materials: DecryptionMaterials): string | undefined {
  const { dataKey } = materials
  if (!isBytes(dataKey)) return 'answered no data key'
  if (materials.suite.id !== suite.id) return `answered a data key of suite ${suiteHex(materials.suite.id)}`
  if (dataKey.length === suite.dataKeyLength) return undefined
  return `opened to ${dataKey.length} bytes where suite ${suiteHex(suite.id)} takes ${suite.dataKeyLength}`
}

function faultOf(
  { suite, encryptionContext }: CheckedEncryptOptions,
  materials: EncryptionMaterials,
  outcome: CacheOutcome,
): string | undefined {
  const { dataKey, encryptedDataKeys, signingKey } = materials
  if (materials.suite.id !== suite.id) {
    return `answered suite ${suiteHex(materials.suite.id)} where ${suiteHex(suite.id)} was asked for`
  }
  if (!isBytes(dataKey)) return 'answered no data key'
  if (dataKey.length !== suite.dataKeyLength) {
    return `answered a data key of ${dataKey.length} bytes where suite ${suiteHex(suite.id)} takes ${suite.dataKeyLength}`
  }
  if (!Array.isArray(encryptedDataKeys) || encryptedDataKeys.length === 0) return 'answered no encrypted data key'
  if (!encryptedDataKeys.every(fitsHeader)) return 'answered an encrypted data key that no header can hold'
  if (signingKey?.curve !== suite.signature?.curve) return 'answered a signing key that does not fit the suite'
  if (!isContextOf(materials, encryptionContext)) return 'answered another encryption context than was asked for'
  // Frames count their initialisation vectors from 1: a second message under the very same content key would repeat them.
  if (suite.kdf === null && outcome === 'hit') return 'answered a kept data key for a suite that derives none'
  // A cache that hands out views of one array hands out what the client wiped after the first message: a key that all know.
  if (outcome === 'hit' && dataKey.every((byte) => byte === 0)) return 'answered a kept data key that was wiped'
  return undefined
}

function fitsHeader({ providerId, keyInfo, ciphertext }: Partial<EncryptedDataKey>): boolean {
  if (typeof providerId !== 'string' || !isBytes(keyInfo) || !isBytes(ciphertext)) return false
  // Three bytes of UTF-8 for one unit of UTF-16 are the most; who names a provider at such length is wrong anyway.
  return Math.max(providerId.length * 3, keyInfo.length, ciphertext.length) <= MAX_FIELD && isWellFormed(providerId)
}

const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text)

/** Exactly the pairs that were asked for, and the public key of the signing key where there is one. */
function isContextOf(
  { encryptionContext, signingKey }: EncryptionMaterials,
  asked: CheckedEncryptOptions['encryptionContext'],
): boolean {
  if (encryptionContext === asked && signingKey === undefined) return true
  const keys = Object.keys(asked)
  const added = signingKey === undefined ? 0 : 1
  if (Object.keys(encryptionContext).length !== keys.length + added) return false
  if (signingKey !== undefined && encryptionContext[PUBLIC_KEY_CONTEXT_KEY] !== publicKeyText(signingKey.publicKey)) {
    return false
  }
  return keys.every((key) => Object.hasOwn(encryptionContext, key) && encryptionContext[key] === asked[key])
}
