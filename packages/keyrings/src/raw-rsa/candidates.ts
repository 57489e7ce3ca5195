import type { UnwrapRequest } from '@bongtu/client'
import type { RsaPrivateKey } from '@bongtu/crypto'
import type { EncryptedDataKey } from '@bongtu/message-format'
import type { RawKeyName } from '../raw-key-name.ts'
import { OTHER_NAME, OTHER_PROVIDER } from '../unwrap-data-key.ts'

/** The encrypted data keys that this key may open, by what everybody sees of them. Reports the others. */
export function candidatesOf(
  name: RawKeyName,
  privateKey: RsaPrivateKey | null,
  { encryptedDataKeys, passedOver }: UnwrapRequest,
): EncryptedDataKey[] {
  return encryptedDataKeys.filter((encryptedDataKey) => {
    const reason = whyNot(name, privateKey, encryptedDataKey)
    if (reason !== null) passedOver(encryptedDataKey, reason)
    return reason === null
  })
}

function whyNot(name: RawKeyName, privateKey: RsaPrivateKey | null, encrypted: EncryptedDataKey): string | null {
  const { providerId, keyInfo, ciphertext } = encrypted
  if (providerId !== name.namespace) return OTHER_PROVIDER
  if (!sameBytes(keyInfo, name.nameBytes)) return OTHER_NAME
  if (privateKey === null) return 'the keyring was made without privateKey'
  // RFC 8017 §7.1.2 and §7.2.2, step 1.
  if (ciphertext.length !== privateKey.modulusLength) {
    return `ciphertext of ${ciphertext.length} bytes, and the modulus of this key has ${privateKey.modulusLength}`
  }
  return null
}

/** Names are public: no constant time. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}
