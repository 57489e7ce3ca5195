import { randomBytes } from '@bongtu/crypto/node'
import { fromBase64, toBase64 } from './model/base64.ts'
import type { Kind, Store } from './store/store.ts'
import { transact } from './store/transact.ts'

interface Setting {
  readonly name: string
  readonly value: string
}

const settings: Kind<Setting> = { name: 'setting', id: (setting) => setting.name }

const MARKER_KEY = 'marker-key'
const MARKER_KEY_LENGTH = 32

/** The key that seals list markers, the same in every process on the store. It protects no data. */
export async function markerKey(store: Store): Promise<Uint8Array> {
  const value = await transact(store, async (transaction) => {
    const present = await transaction.get(settings, MARKER_KEY)
    if (present !== undefined) return present.value
    const fresh = toBase64(randomBytes(MARKER_KEY_LENGTH))
    transaction.insert(settings, { name: MARKER_KEY, value: fresh })
    return fresh
  })
  const key = fromBase64(value)
  if (key?.length !== MARKER_KEY_LENGTH)
    throw new TypeError('the stored marker key is damaged: restore the store from a backup')
  return key
}
