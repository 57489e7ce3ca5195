import type { UnwrappedDataKey, UnwrapRequest } from '@bongtu/client'
import type { AlgorithmSuite, EncryptedDataKey } from '@bongtu/message-format'

/** A data key, or why there is none. */
export type Opened = Uint8Array | string

export const OTHER_PROVIDER = 'other provider id'
export const OTHER_NAME = 'other key name'

/**
 * Tries each encrypted data key in the order of the header until one opens to a data key of the suite's length, and
 * reports every one before it (raw-aes-keyring.md and raw-rsa-keyring.md, OnDecrypt). Rejects with the signal's reason
 * only: what goes wrong with one encrypted data key does not keep the next from being tried.
 */
export async function firstThatOpens(
  { suite, encryptedDataKeys, passedOver, signal }: UnwrapRequest,
  open: (encryptedDataKey: EncryptedDataKey) => Promise<Opened>,
  describe: (cause: unknown) => string = messageOf,
): Promise<UnwrappedDataKey | null> {
  for (const encryptedDataKey of encryptedDataKeys) {
    signal?.throwIfAborted()
    const { opened, cause } = await attempt(() => open(encryptedDataKey), signal, describe)
    const dataKey = ofSuite(suite, opened)
    if (typeof dataKey !== 'string') return { dataKey, encryptedDataKey }
    passedOver(encryptedDataKey, dataKey, cause)
  }
  return null
}

async function attempt(
  open: () => Promise<Opened>,
  signal: AbortSignal | undefined,
  describe: (cause: unknown) => string,
): Promise<{ opened: Opened; cause?: unknown }> {
  try {
    return { opened: await open() }
  } catch (cause) {
    signal?.throwIfAborted()
    return { opened: `failed: ${describe(cause)}`, cause }
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : 'for no stated reason')

function ofSuite(suite: AlgorithmSuite, opened: Opened): Opened {
  if (typeof opened === 'string' || opened.length === suite.dataKeyLength) return opened
  opened.fill(0)
  return `holds a data key of ${opened.length} bytes, and the suite takes ${suite.dataKeyLength}`
}
