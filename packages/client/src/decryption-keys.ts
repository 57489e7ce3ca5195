import type { AesGcm } from '@bongtu/crypto'
import { readMembers, record } from '@bongtu/crypto/options'
import {
  authenticationFailed,
  BongtuError,
  type DecodedHeader,
  type EncryptedDataKey,
  type EncryptionContext,
  type Header,
  PUBLIC_KEY_CONTEXT_KEY,
} from '@bongtu/message-format'
import { faultOfDataKey, openedKeyOf } from './answered-materials.ts'
import { requireDecryptAllowed } from './commitment-policy.ts'
import { absentKeysHint, type MergedContext, mergeExpectedContext } from './context-rules.ts'
import type { DecryptionCacheRequest, DecryptionMaterials } from './data-key-cache.ts'
import type { CheckedDecryptOptions } from './decrypt-options.ts'
import { requireAvailable } from './engine-support.ts'
import { headerTagVerifies } from './header-tag.ts'
import type { UnwrapRequest } from './keyring.ts'
import { type Derivation, deriveMessageKeys } from './message-keys.ts'
import { noKeyOpened, UnwrapAttempts } from './unwrap-attempts.ts'
import { zero } from './zero.ts'

/** What reads one message, once its header is authentic. */
export interface DecryptionKeys {
  readonly aead: AesGcm
  /** The header's context and the required pairs beside it: all of it authenticated. */
  readonly encryptionContext: EncryptionContext
  /** The one that was opened. */
  readonly encryptedDataKey: EncryptedDataKey
  readonly dataKeyCached: boolean
}

/**
 * Opens a header: checks policy, context and signature rules, asks the cache or the keyring for the data key, compares
 * the commitment and verifies the header tag. Throws ERR_POLICY, ERR_CONTEXT, ERR_MALFORMED, ERR_NO_KEY or
 * ERR_AUTHENTICATION.
 */
export async function decryptionKeys(options: CheckedDecryptOptions, decoded: DecodedHeader): Promise<DecryptionKeys> {
  const { header } = decoded
  requireAvailable(options.engine)
  const { context, materials, dataKeyCached, forget, attempts } = await decryptionMaterials(options, header)
  try {
    options.signal?.throwIfAborted()
    const encryptedDataKey = openedKey(options, header, context, materials, attempts)
    const aead = await authenticHeader(options, decoded, materials.dataKey, context.required)
    return { aead, encryptionContext: context.full, encryptedDataKey, dataKeyCached }
  } catch (error) {
    // Also where it was not tried: nobody may be left to try it.
    forget?.()
    throw error
  } finally {
    zero(materials.dataKey)
  }
}

/** decrypt.md: the commitment is compared, in constant time, before the derived key is used for anything. */
async function authenticHeader(
  { engine, allowNet400Messages }: CheckedDecryptOptions,
  decoded: DecodedHeader,
  dataKey: Uint8Array,
  required: EncryptionContext,
): Promise<AesGcm> {
  const { suite, messageId, commitment } = decoded.header
  const derivations: Derivation[] = allowNet400Messages ? ['specified', 'net-4.0.0'] : ['specified']
  for (const derivation of derivations) {
    const keys = await deriveMessageKeys(engine, suite, dataKey, messageId, derivation)
    if (!engine.equal(keys.commitment, commitment)) continue
    if (await headerTagVerifies(keys.aead, decoded, required, derivation)) return keys.aead
  }
  throw authenticationFailed(absentKeysHint(required))
}

const CACHE_ANSWER: readonly string[] = ['suite', 'dataKey', 'encryptedDataKey', 'outcome', 'forget']

/** What a keyring or a cache answered for one message, and what it was asked with. */
interface AnsweredMaterials {
  readonly context: MergedContext
  /** Its data key is the caller's to check and to zero. */
  readonly materials: DecryptionMaterials
  readonly dataKeyCached: boolean
  readonly forget?: (() => void) | undefined
  readonly attempts: UnwrapAttempts
}

/** Checks policy, context and signature rules of a header, then asks the cache or the keyring for its data key. */
async function decryptionMaterials(options: CheckedDecryptOptions, header: Header): Promise<AnsweredMaterials> {
  options.signal?.throwIfAborted()
  requireDecryptAllowed(options.policy, header.suite)
  requirePublicKeyFits(header)
  const context = mergeExpectedContext(header.encryptionContext, options.expectedContext)
  const attempts = new UnwrapAttempts()
  const { cache, keyring, policy: commitmentPolicy, signal } = options
  if (cache === undefined)
    return {
      context,
      materials: await unwrapDataKey(options, header, context, attempts, signal),
      dataKeyCached: false,
      attempts,
    }
  const request = record<DecryptionCacheRequest>({
    keyring,
    suite: header.suite,
    commitmentPolicy,
    encryptionContext: context.full,
    expectedContext: options.expectedContext,
    encryptedDataKeys: header.encryptedDataKeys,
    passedOver: attempts.recorder(keyring),
    ...(signal === undefined ? {} : { signal }),
    unwrap: (sharedSignal) => fitting(options, header, context, attempts, sharedSignal),
  })
  const materials = readMembers(await cache.forDecryption(request), CACHE_ANSWER)
  const { outcome, forget } = materials
  return { context, materials, dataKeyCached: outcome === 'hit', forget, attempts }
}

/** Which of the header's encrypted data keys was opened. Throws ERR_NO_KEY where the answer does not fit the message. */
function openedKey(
  { keyring }: CheckedDecryptOptions,
  { suite, encryptedDataKeys }: Header,
  context: MergedContext,
  materials: DecryptionMaterials,
  attempts: UnwrapAttempts,
): EncryptedDataKey {
  const opened = openedKeyOf(encryptedDataKeys, materials.encryptedDataKey)
  const fault = faultOfDataKey(suite, materials)
  if (opened !== undefined && fault === undefined) return opened
  const reason = fault ?? 'answered an encrypted data key that the message does not hold'
  for (const key of opened === undefined ? encryptedDataKeys : [opened]) attempts.recorder(keyring)(key, reason)
  throw noKeyOpened(attempts, encryptedDataKeys, absentKeysHint(context.required))
}

/** What a cache may keep: an answer that does not fit would go on failing for as long as it is kept. */
async function fitting(
  options: CheckedDecryptOptions,
  header: Header,
  context: MergedContext,
  attempts: UnwrapAttempts,
  signal: AbortSignal | undefined,
): Promise<DecryptionMaterials> {
  const materials = await unwrapDataKey(options, header, context, attempts, signal)
  try {
    openedKey(options, header, context, materials, attempts)
    return materials
  } catch (error) {
    zero(materials.dataKey)
    throw error
  }
}

async function unwrapDataKey(
  options: CheckedDecryptOptions,
  header: Header,
  context: MergedContext,
  attempts: UnwrapAttempts,
  signal: AbortSignal | undefined,
): Promise<DecryptionMaterials> {
  const { suite, encryptedDataKeys } = header
  const { keyring } = options
  const passedOver = attempts.recorder(keyring)
  const asked = { suite, encryptionContext: context.full, encryptedDataKeys, passedOver }
  const request = record<UnwrapRequest>(asked, signal === undefined ? {} : { signal })
  try {
    const opened = await keyring.unwrapDataKey(request)
    if (opened !== null)
      return record<DecryptionMaterials>({ suite, ...readMembers(opened, ['dataKey', 'encryptedDataKey']) })
  } catch (cause) {
    if (signal?.aborted === true) throw signal.reason
    attempts.failed(keyring, encryptedDataKeys, cause)
  }
  throw noKeyOpened(attempts, encryptedDataKeys, absentKeysHint(context.required))
}

/** default-cmm.md: a signed suite has its public key in the header's context, and no other suite has one. */
function requirePublicKeyFits({ suite, encryptionContext }: Header): void {
  const present = Object.hasOwn(encryptionContext, PUBLIC_KEY_CONTEXT_KEY)
  if (present === (suite.signature !== null)) return
  const what = present
    ? `holds ${PUBLIC_KEY_CONTEXT_KEY} though its suite does not sign`
    : `lacks ${PUBLIC_KEY_CONTEXT_KEY} though its suite signs`
  throw new BongtuError('ERR_MALFORMED', `the header's encryption context ${what}`)
}
