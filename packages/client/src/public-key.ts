import type { Engine, Verifier } from '@bongtu/crypto'
import { BongtuError, type Header, PUBLIC_KEY_CONTEXT_KEY } from '@bongtu/message-format'

/** The text of a public key in the encryption context: the compressed point in Base64. */
export const publicKeyText = (publicKey: Uint8Array): string => btoa(String.fromCharCode(...publicKey))

/**
 * Verifies under the public key that an authentic header names; `null` where its suite does not sign. Throws ERR_MALFORMED
 * unless its text is the one that `publicKeyText` writes: `atob` alone reads white space and missing padding too.
 */
export async function publicKeyVerifier(
  engine: Engine,
  { suite, encryptionContext }: Header,
): Promise<Verifier | null> {
  if (suite.signature === null) return null
  try {
    const text = encryptionContext[PUBLIC_KEY_CONTEXT_KEY] ?? ''
    const point = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
    if (publicKeyText(point) !== text) throw new TypeError('the text is not strict Base64')
    return await engine.verifier(suite.signature.curve, point)
  } catch (cause) {
    throw new BongtuError(
      'ERR_MALFORMED',
      `the header's ${PUBLIC_KEY_CONTEXT_KEY} must be a compressed point of its curve in strict Base64`,
      { cause },
    )
  }
}
