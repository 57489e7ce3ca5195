import { IV_LENGTH } from '@bongtu/crypto'
import { nodeEngine } from '@bongtu/crypto/node'
import { concat, copy } from './bytes.ts'
import { type BlobVariant, blankBlob, type CiphertextBlob, INNER_HEADER, NONCE_LENGTH } from './ciphertext-blob.ts'
import { deriveEncryptionKey } from './derive.ts'
import { type EncryptionContext, encodeEncryptionContext } from './encryption-context.ts'
import { HsmError } from './errors.ts'
import type { BackingKey } from './key-token.ts'

/** Encrypts under a key that is derived for this one blob: nonce and initialisation vector are drawn here. */
export function sealBlob(
  variant: BlobVariant,
  backingKey: BackingKey,
  plaintext: Uint8Array,
  encryptionContext: EncryptionContext,
): Uint8Array {
  const nonce = nodeEngine.random(NONCE_LENGTH)
  const iv = nodeEngine.random(IV_LENGTH)
  const { blob, header, content } = blankBlob(variant, backingKey.id, nonce, iv, plaintext.length)
  const aad = concat(header, encodeEncryptionContext(encryptionContext))
  const key = deriveEncryptionKey(backingKey.material, nonce)
  const inner = concat(INNER_HEADER, plaintext)
  try {
    content.set(nodeEngine.aesGcm(key).seal(iv, inner, aad))
    return blob
  } finally {
    key.fill(0)
    inner.fill(0)
  }
}

/** The plaintext, which the caller zeroes. `invalidCiphertext` where anything differs from what was encrypted. */
export function openBlob(
  blob: CiphertextBlob,
  backingKey: BackingKey,
  encryptionContext: EncryptionContext,
): Uint8Array {
  const aad = concat(blob.header, encodeEncryptionContext(encryptionContext))
  if (!nodeEngine.equal(blob.backingKeyId, backingKey.id)) throw invalidCiphertext()
  const key = deriveEncryptionKey(backingKey.material, blob.nonce)
  const inner = nodeEngine.aesGcm(key).open(blob.iv, blob.sealed, aad)
  key.fill(0)
  if (inner === null) throw invalidCiphertext()
  const plaintext = copy(inner.subarray(INNER_HEADER.length))
  const known = nodeEngine.equal(inner.subarray(0, INNER_HEADER.length), INNER_HEADER)
  inner.fill(0)
  if (known) return plaintext
  plaintext.fill(0)
  throw invalidCiphertext()
}

/** One text for all causes, so that it tells nothing about which it was. */
export function invalidCiphertext(): HsmError {
  return new HsmError(
    'invalidCiphertext',
    'the ciphertext does not open: it was altered, or it belongs to another key or encryption context',
  )
}
