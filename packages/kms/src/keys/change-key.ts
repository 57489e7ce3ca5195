import type { Call } from '../call.ts'
import { type Transaction, transact } from '../store/transact.ts'
import type { KeyAction } from './access.ts'
import { type KeyRecord, keyRecordId, keys } from './key-record.ts'
import { openKey } from './resolve.ts'

/** Replaces the key that `keyId` names, in a state that allows the action, by what `change` makes of it. */
export function changeKey(
  call: Call,
  keyId: string,
  action: KeyAction,
  change: (key: KeyRecord) => KeyRecord,
): Promise<KeyRecord> {
  return transactOnKey(call, keyId, action, async (key, transaction) => {
    const changed = change(key)
    if (changed !== key) transaction.replace(keys, changed)
    return changed
  })
}

/** Runs `body` on the key, again from the start where the key changes meanwhile. */
export function transactOnKey<R>(
  call: Call,
  keyId: string,
  action: KeyAction,
  body: (key: KeyRecord, transaction: Transaction) => Promise<R>,
): Promise<R> {
  return transact(call.kms.store, async (transaction) => {
    const opened = await openKey(call, keyId, action)
    const key = await transaction.get(keys, keyRecordId(opened))
    if (key !== opened) return transactOnKey(call, keyId, action, body)
    return body(key, transaction)
  })
}
