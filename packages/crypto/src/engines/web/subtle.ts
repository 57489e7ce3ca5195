import type { KeyHalf } from '../key-source.ts'

const MISSING =
  'this runtime has no crypto.subtle (browsers have it on https and localhost only): use https, or pass the engine of @bongtu/crypto/noble'

const present = (): SubtleCrypto | undefined => (globalThis as { crypto?: Partial<Crypto> }).crypto?.subtle

/** Why there is no WebCrypto in this page or runtime; `null` if there is. */
export const unavailable = (): string | null => (present() === undefined ? MISSING : null)

/** Throws where the page or the runtime has no WebCrypto, rather than failing later on `undefined`. */
export function subtle(): SubtleCrypto {
  const found = present()
  if (found === undefined) throw new Error(MISSING)
  return found
}

/** WebCrypto takes no view of shared memory; such a view is copied. */
export function source(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes)
}

/** The answer, or `null` where WebCrypto says no more than that the operation failed: a tag or a padding does not verify. */
export async function orNull(operation: Promise<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await operation)
  } catch (error) {
    if (error instanceof Error && error.name === 'OperationError') return null
    throw error
  }
}

const DER_FORMS = { public: 'spki', private: 'pkcs8' } as const

/** An extractable key as SubjectPublicKeyInfo or PKCS #8: Node can wait for itself for ever over a JWK of a key it generated. */
export async function exportedDer(
  half: KeyHalf,
  key: CryptoKey,
): Promise<{ readonly form: 'spki' | 'pkcs8'; readonly der: Uint8Array }> {
  const form = DER_FORMS[half]
  return { form, der: new Uint8Array(await subtle().exportKey(form, key)) }
}
