import type { DecryptionMaterials, EncryptedDataKey, EncryptionMaterials } from '@bongtu/client'
import type { Materials } from './entries.ts'

/** Not by `slice`, which gives a view of the same bytes where a keyring answered a Buffer. */
const bytesOf = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes)

const keyOf = ({ providerId, keyInfo, ciphertext }: EncryptedDataKey): EncryptedDataKey => ({
  providerId,
  keyInfo: bytesOf(keyInfo),
  ciphertext: bytesOf(ciphertext),
})

/** With encrypted data keys of its own: a header shows them to whoever encrypts, who may write to them. */
export const detachedEncryption = (materials: EncryptionMaterials): EncryptionMaterials => ({
  ...materials,
  encryptedDataKeys: materials.encryptedDataKeys.map(keyOf),
})

/** With an encrypted data key of its own. */
export const detachedDecryption = (materials: DecryptionMaterials): DecryptionMaterials => ({
  ...materials,
  encryptedDataKey: keyOf(materials.encryptedDataKey),
})

/** With a data key of its own. */
export const withOwnDataKey = <M extends Materials>(materials: M): M => ({
  ...materials,
  dataKey: bytesOf(materials.dataKey),
})
