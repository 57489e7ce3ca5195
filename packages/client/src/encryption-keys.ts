import type { AesGcm, SigningKey } from '@bongtu/crypto'
import { readMembers, record } from '@bongtu/crypto/options'
import {
  BongtuError,
  type EncryptionContext,
  type Header,
  messageIdLength,
  PUBLIC_KEY_CONTEXT_KEY,
} from '@bongtu/message-format'
import { checkEncryptionMaterials, requireFaultless } from './answered-materials.ts'
import { splitContext, withPair } from './context-rules.ts'
import type { CacheServed, EncryptionCacheRequest, EncryptionMaterials } from './data-key-cache.ts'
import type { CheckedEncryptOptions } from './encrypt-options.ts'
import { requireAvailable } from './engine-support.ts'
import type { Keyring, WrapRequest } from './keyring.ts'
import { deriveMessageKeys } from './message-keys.ts'
import { publicKeyText } from './public-key.ts'
import { zero } from './zero.ts'

/** What writes one message: its header, and keys that no longer show the data key. */
export interface EncryptionKeys {
  readonly header: Header
  /** The pairs that the header leaves out and its tag covers. */
  readonly requiredContext: EncryptionContext
  readonly aead: AesGcm
  readonly signingKey: SigningKey | undefined
  readonly dataKeyCached: boolean
  /** Charges the cache for bytes of plaintext that were not announced. */
  readonly charge: ((bytes: number) => void) | undefined
}

/**
 * Asks the cache or the keyring for a data key and derives the keys of one message under a fresh message id. Throws
 * ERR_KEYRING, ERR_POLICY or ERR_LIMIT.
 */
export async function encryptionKeys(
  options: CheckedEncryptOptions,
  plaintextLength: number | undefined,
): Promise<EncryptionKeys> {
  const { engine, frameLength } = options
  requireAvailable(engine)
  const { materials, outcome, charge } = await encryptionMaterials(options, plaintextLength)
  try {
    options.signal?.throwIfAborted()
    checkEncryptionMaterials(options, materials, outcome)
    // The row of the table: a suite object that a cache answers can have the right id and other lengths.
    const { suite } = options
    const { encryptedDataKeys, signingKey } = materials
    const messageId = engine.random(messageIdLength(suite.messageVersion))
    const { aead, commitment } = await deriveMessageKeys(engine, suite, materials.dataKey, messageId)
    const { stored, required } = splitContext(materials.encryptionContext, options.requiredKeys)
    const header: Header = {
      version: suite.messageVersion,
      suite,
      messageId,
      encryptionContext: stored,
      encryptedDataKeys,
      contentType: 'framed',
      frameLength,
      commitment,
    }
    return { header, requiredContext: required, aead, signingKey, dataKeyCached: outcome === 'hit', charge }
  } finally {
    zero(materials.dataKey)
  }
}

const CACHE_ANSWER: readonly string[] = [
  ...['suite', 'encryptionContext', 'dataKey', 'encryptedDataKeys', 'signingKey'],
  ...['outcome', 'charge'],
]

interface ServedMaterials extends CacheServed {
  readonly materials: EncryptionMaterials
}

/** A data key for one message, from the cache or the keyring. Its data key is the caller's to check and to zero. */
async function encryptionMaterials(
  options: CheckedEncryptOptions,
  plaintextLength: number | undefined,
): Promise<ServedMaterials> {
  options.signal?.throwIfAborted()
  const { cache, keyring, suite, policy: commitmentPolicy, encryptionContext, requiredKeys, signal } = options
  if (cache === undefined) return { materials: await generateMaterials(options, signal), outcome: 'bypass' }
  const request = record<EncryptionCacheRequest>({
    keyring,
    suite,
    commitmentPolicy,
    encryptionContext,
    requiredEncryptionContextKeys: requiredKeys,
    ...(plaintextLength === undefined ? {} : { plaintextLength }),
    ...(signal === undefined ? {} : { signal }),
    generate: (sharedSignal) => faultless(options, sharedSignal),
  })
  const materials = readMembers(await cache.forEncryption(request), CACHE_ANSWER)
  const { outcome, charge } = materials
  return charge === undefined ? { materials, outcome } : { materials, outcome, charge }
}

/** What a cache may keep: an answer with a fault would go on failing for as long as it is kept. */
async function faultless(
  options: CheckedEncryptOptions,
  signal: AbortSignal | undefined,
): Promise<EncryptionMaterials> {
  const materials = await generateMaterials(options, signal)
  try {
    requireFaultless(options, materials, 'miss')
    return materials
  } catch (error) {
    zero(materials.dataKey)
    throw error
  }
}

async function generateMaterials(
  options: CheckedEncryptOptions,
  signal: AbortSignal | undefined,
): Promise<EncryptionMaterials> {
  const { engine, suite, keyring } = options
  const signingKey = suite.signature === null ? undefined : await engine.generateSigningKey(suite.signature.curve)
  const encryptionContext = signingKey === undefined ? options.encryptionContext : withPublicKey(options, signingKey)
  // Without a prototype: a keyring would wrap a data key that it found in `Object.prototype`.
  const request = record<WrapRequest>({ suite, encryptionContext }, signal === undefined ? {} : { signal })
  const wrapped = await wrap(keyring, request)
  const materials = { suite, encryptionContext, ...wrapped }
  return record<EncryptionMaterials>(materials, signingKey === undefined ? {} : { signingKey })
}

async function wrap(
  keyring: Keyring,
  request: Parameters<Keyring['wrapDataKey']>[0],
): ReturnType<Keyring['wrapDataKey']> {
  try {
    return readMembers(await keyring.wrapDataKey(request), ['dataKey', 'encryptedDataKeys'])
  } catch (cause) {
    if (request.signal?.aborted === true) throw request.signal.reason
    // A TypeError too: fetch throws one where the network fails.
    if (BongtuError.is(cause)) throw cause
    const why = cause instanceof Error ? `: ${cause.message}` : ''
    throw new BongtuError('ERR_KEYRING', `${keyring.name ?? 'the keyring'} did not wrap a data key${why}`, { cause })
  }
}

const withPublicKey = (options: CheckedEncryptOptions, key: SigningKey): EncryptionContext =>
  withPair(options.encryptionContext, PUBLIC_KEY_CONTEXT_KEY, publicKeyText(key.publicKey))
