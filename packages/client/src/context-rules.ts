import { BongtuError, type EncryptionContext, encryptionContext, RESERVED_CONTEXT_PREFIX } from '@bongtu/message-format'

/** No pairs. */
export const NO_CONTEXT: EncryptionContext = encryptionContext({})

const quoted = (keys: readonly string[]): string => keys.map((key) => JSON.stringify(key)).join(', ')

/** The caller's context, copied and checked. Throws ERR_CONTEXT where it holds a reserved key. */
export function contextToEncrypt(pairs: Readonly<Record<string, string>> | undefined): EncryptionContext {
  if (pairs === undefined) return NO_CONTEXT
  const context = encryptionContext(pairs)
  const reserved = Object.keys(context).filter((key) => key.startsWith(RESERVED_CONTEXT_PREFIX))
  if (reserved.length > 0) {
    throw new BongtuError(
      'ERR_CONTEXT',
      `the encryption context may not hold ${quoted(reserved)}: keys that start with ${RESERVED_CONTEXT_PREFIX} belong to the message format`,
    )
  }
  return context
}

/** A copy of the names. Throws a TypeError where it is no array of strings: one string would count as its letters. */
export function requiredContextKeys(keys: readonly string[] = []): readonly string[] {
  if (Array.isArray(keys) && keys.every((key) => typeof key === 'string')) return [...keys]
  throw new TypeError('requiredEncryptionContextKeys is an array of strings')
}

/** Throws ERR_CONTEXT where a required key is not in the context. */
export function requireKeysIn(context: EncryptionContext, requiredKeys: readonly string[]): void {
  const missing = requiredKeys.filter((key) => !Object.hasOwn(context, key))
  if (missing.length > 0) {
    throw new BongtuError(
      'ERR_CONTEXT',
      `requiredEncryptionContextKeys names ${quoted(missing)}, which the encryption context does not hold`,
    )
  }
}

/** `context` without, or with only, the named keys. */
export function splitContext(
  context: EncryptionContext,
  keys: readonly string[],
): { readonly stored: EncryptionContext; readonly required: EncryptionContext } {
  if (keys.length === 0) return { stored: context, required: NO_CONTEXT }
  const named = new Set(keys)
  const entries = Object.entries(context)
  return {
    stored: contextOf(entries.filter(([key]) => !named.has(key))),
    required: contextOf(entries.filter(([key]) => named.has(key))),
  }
}

/** `context` and one more pair, which it must not hold yet. */
export const withPair = (context: EncryptionContext, key: string, value: string): EncryptionContext =>
  contextOf([...Object.entries(context), [key, value]])

export interface MergedContext {
  /** What the header holds and what the caller expects beside it: the context that the keyring and the header tag see. */
  readonly full: EncryptionContext
  /** The expected pairs that the header lacks: the message was encrypted with them as required context, or does not open. */
  readonly required: EncryptionContext
}

/**
 * Compares what the caller expects with what the header holds (decrypt.md, reproduced encryption context). Throws
 * ERR_CONTEXT where a pair differs, or where a reserved key is expected that the header lacks.
 */
export function mergeExpectedContext(stored: EncryptionContext, expected: EncryptionContext): MergedContext {
  const keys = Object.keys(expected)
  const different = keys.filter((key) => Object.hasOwn(stored, key) && stored[key] !== expected[key])
  if (different.length > 0) {
    throw new BongtuError(
      'ERR_CONTEXT',
      `the message was encrypted under another value of ${quoted(different)} than the expected encryption context holds`,
    )
  }
  const absent = keys.filter((key) => !Object.hasOwn(stored, key))
  const reserved = absent.filter((key) => key.startsWith(RESERVED_CONTEXT_PREFIX))
  if (reserved.length > 0) {
    throw new BongtuError('ERR_CONTEXT', `the message does not hold ${quoted(reserved)}, which the caller expects`)
  }
  if (absent.length === 0) return { full: stored, required: NO_CONTEXT }
  const required = splitContext(expected, absent).required
  return { full: contextOf([...Object.entries(stored), ...Object.entries(required)]), required }
}

/** Tells in an error which expected keys the header does not hold, since they are the likeliest reason that nothing opens. */
export function absentKeysHint(required: EncryptionContext): string | undefined {
  const keys = Object.keys(required)
  if (keys.length === 0) return undefined
  return `the header does not hold ${quoted(keys)}, so they were taken as required encryption context`
}

function contextOf(entries: readonly (readonly [string, string])[]): EncryptionContext {
  const pairs: Record<string, string> = Object.create(null)
  for (const [key, value] of entries) pairs[key] = value
  return encryptionContext(pairs)
}
