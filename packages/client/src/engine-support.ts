import type { AesGcm, Engine } from '@bongtu/crypto'
import { BongtuError } from '@bongtu/message-format'

/** Throws ERR_UNSUPPORTED if the engine can do nothing in this runtime. Asked before any key is. */
export function requireAvailable(engine: Engine): void {
  const reason = engine.unavailable?.() ?? null
  if (reason !== null) throw new BongtuError('ERR_UNSUPPORTED', reason)
}

/** AES-GCM under a key. Throws ERR_UNSUPPORTED if the runtime lacks this cipher, as some lack AES-192. */
export async function aesGcmOf(engine: Engine, key: Uint8Array): Promise<AesGcm> {
  try {
    return await engine.aesGcm(key)
  } catch (cause) {
    if (!isUnknownCipher(cause)) throw cause
    const what = `this runtime has no AES-${key.length * 8}-GCM: use another suite, or the engine of @bongtu/crypto/noble`
    throw new BongtuError('ERR_UNSUPPORTED', what, { cause })
  }
}

/** As `node:crypto` and WebCrypto say it. */
function isUnknownCipher(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'NotSupportedError' || ('code' in error && error.code === 'ERR_CRYPTO_UNKNOWN_CIPHER')
}
