import type { PassedOver, UnwrappedDataKey, UnwrapRequest } from '@bongtu/client'
import { record } from '@bongtu/crypto/options'
import type { EncryptedDataKey } from '@bongtu/message-format'
import type { Member } from './member.ts'

/** multi-keyring.md, OnDecrypt: the first that opens one wins; every failure before it is reported under its name. */
export async function unwrapWithFirst(
  members: readonly Member[],
  request: UnwrapRequest,
): Promise<UnwrappedDataKey | null> {
  for (const member of members) {
    request.signal?.throwIfAborted()
    const opened = await ask(member, request)
    if (opened !== null) return opened
  }
  return null
}

async function ask({ keyring, label }: Member, request: UnwrapRequest): Promise<UnwrappedDataKey | null> {
  const { suite, encryptedDataKeys, signal } = request
  const reported = new Set<EncryptedDataKey>()
  const passedOver: PassedOver = (encryptedDataKey, reason, cause, inner = label) => {
    reported.add(encryptedDataKey)
    request.passedOver(encryptedDataKey, reason, cause, inner)
  }
  const rest = (reason: string, cause?: unknown): void => {
    for (const each of encryptedDataKeys) if (!reported.has(each)) passedOver(each, reason, cause)
  }
  try {
    const opened = await keyring.unwrapDataKey(record(request, { passedOver }))
    if (opened === null) rest('passed over without a reason')
    else if (opened.dataKey.length === suite.dataKeyLength) return opened
    else {
      const { length } = opened.dataKey
      opened.dataKey.fill(0)
      passedOver(opened.encryptedDataKey, `opened to ${length} bytes, and the suite takes ${suite.dataKeyLength}`)
    }
  } catch (cause) {
    signal?.throwIfAborted()
    rest(cause instanceof Error ? `failed: ${cause.message}` : 'failed', cause)
  }
  return null
}
