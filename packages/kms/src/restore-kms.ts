import { restore } from './domain/backup.ts'
import { readBackupOptions } from './domain/backup-options.ts'
import { type KmsPlace, openPlace, readPlace } from './place.ts'

export interface RestoreKmsOptions {
  /** What `LocalKms.backup` answered. */
  readonly backup: Uint8Array
  /** The one that the backup was made with. */
  readonly passphrase?: Uint8Array
}

/**
 * Fills an empty place from a backup. Without a passphrase the root key of the backup must be there already, as
 * `root.key` in the folder; with one, the place gets its own root key where it has none. Nothing is written unless the
 * backup opens: HsmError `wrongRoot` or `rootMissing`, StoreError `exists`, TypeError where it is no backup.
 */
export async function restoreKms(place: KmsPlace, options: RestoreKmsOptions): Promise<void> {
  const { backup, passphrase } = readBackupOptions('restoreKms', options)
  const { store, rootKey } = await openPlace(readPlace('restoreKms: place', place))
  try {
    await restore({ store, rootKey, backup, now: Date.now, ...(passphrase === undefined ? {} : { passphrase }) })
  } finally {
    await store.close()
  }
}
