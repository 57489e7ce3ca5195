import type { Keyring, UnwrappedDataKey } from '@bongtu/client'
import {
  type AlgorithmSuite,
  type EncryptedDataKey,
  type EncryptionContext,
  encryptionContext,
  suiteById,
} from '@bongtu/message-format'

export const SUITE = suiteById(0x0478)
export const SUITE_128 = suiteById(0x0114)
export const CONTEXT: EncryptionContext = encryptionContext({ tenant: 'acme', purpose: 'test' })

export interface Report {
  readonly encryptedDataKey: EncryptedDataKey
  readonly reason: string
  readonly cause: unknown
  readonly keyring: string | undefined
}

/** What a keyring answers to these encrypted data keys, and what it says of those that it passed over. */
export async function ask(
  keyring: Keyring,
  encryptedDataKeys: readonly EncryptedDataKey[],
  suite: AlgorithmSuite = SUITE,
  context: EncryptionContext = CONTEXT,
): Promise<{ opened: UnwrappedDataKey | null; reports: Report[]; reasons: string[] }> {
  const reports: Report[] = []
  const opened = await keyring.unwrapDataKey({
    suite,
    encryptionContext: context,
    encryptedDataKeys,
    passedOver: (encryptedDataKey, reason, cause, name) =>
      reports.push({ encryptedDataKey, reason, cause, keyring: name }),
  })
  return { opened, reports, reasons: reports.map((report) => report.reason) }
}

/** A data key wrapped by a keyring that answers one encrypted data key. */
export async function wrapOne(
  keyring: Keyring,
  dataKey?: Uint8Array,
  suite: AlgorithmSuite = SUITE,
  context: EncryptionContext = CONTEXT,
): Promise<{ dataKey: Uint8Array; own: EncryptedDataKey }> {
  const request = { suite, encryptionContext: context }
  const wrapped = await keyring.wrapDataKey(dataKey === undefined ? request : { ...request, dataKey })
  const [own, ...more] = wrapped.encryptedDataKeys
  if (own === undefined || more.length > 0) throw new Error(`${wrapped.encryptedDataKeys.length} encrypted data keys`)
  return { dataKey: wrapped.dataKey, own }
}
