import type { UnwrappedDataKey, UnwrapRequest } from '@bongtu/client'
import type { Engine, RsaPrivateKey } from '@bongtu/crypto'
import type { EncryptedDataKey } from '@bongtu/message-format'

const PADDING = 'pkcs1'

export const NO_PKCS1_DECRYPTION: string =
  'decrypt RSA with PKCS #1 v1.5 padding, which Node refuses since CVE-2023-46809 unless its OpenSSL rejects wrong ' +
  'padding implicitly (3.2 and later; process.versions.openssl tells, and Node 24 has it). Use such a Node to decrypt, ' +
  'and encrypt anew with an OAEP padding; on Node 20 alone, --security-revert=CVE-2023-46809 brings it back at the ' +
  "risk of Bleichenbacher's attack. To encrypt only, leave privateKey out"

/**
 * Opens one of the candidates with PKCS #1 v1.5, or answers a random data key of the suite's length: whether the padding
 * was right must not show (Bleichenbacher's attack), so a failure is left to the header tag. `null` without candidates.
 *
 * With several candidates, taking the first whose decryption has the right length lets who made the message learn that
 * of the ones before it. Where the platform rejects implicitly, length and content of a failed decryption are those of a
 * random message, so nothing is learnt, and all are tried. Where it tells right padding from wrong, only the first is.
 */
export async function openPkcs1(
  engine: Engine,
  key: RsaPrivateKey,
  { suite, passedOver, signal }: UnwrapRequest,
  candidates: readonly EncryptedDataKey[],
): Promise<UnwrappedDataKey | null> {
  const [first] = candidates
  if (first === undefined) return null
  const tried = candidates.length > 1 && !(await rejectsImplicitly(key)) ? [first] : candidates
  for (const [index, encryptedDataKey] of tried.entries()) {
    signal?.throwIfAborted()
    const dataKey = await key.decrypt(PADDING, encryptedDataKey.ciphertext)
    if (dataKey?.length === suite.dataKeyLength) {
      for (const before of tried.slice(0, index)) passedOver(before, 'did not decrypt to a data key of the suite')
      return { dataKey, encryptedDataKey }
    }
    dataKey?.fill(0)
  }
  return { dataKey: engine.random(suite.dataKeyLength), encryptedDataKey: first }
}

/** The ciphertext 1 decrypts to 1, which is wrongly padded under every key (RFC 8017 §7.2.2). */
async function rejectsImplicitly(key: RsaPrivateKey): Promise<boolean> {
  const wronglyPadded = new Uint8Array(key.modulusLength)
  wronglyPadded[key.modulusLength - 1] = 1
  return (await key.decrypt(PADDING, wronglyPadded)) !== null
}
