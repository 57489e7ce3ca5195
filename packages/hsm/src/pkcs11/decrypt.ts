import type { Handle, Mechanism } from './binding.ts'
import type { Session } from './connection.ts'
import { keptAlive } from './kept-alive.ts'
import { saysNotAuthentic } from './return-values.ts'

/** Decrypts in the token. `null` where the token says that the ciphertext is not authentic, or wrongly padded. */
export async function decryptInToken(
  { binding, handle, checkToken }: Session,
  mechanism: Mechanism,
  key: Handle,
  ciphertext: Uint8Array,
): Promise<Uint8Array | null> {
  binding.C_DecryptInit(handle, mechanism, key)
  const input = Buffer.from(ciphertext)
  const output = Buffer.alloc(ciphertext.length)
  try {
    const plaintext = await keptAlive([mechanism, input, output], () => binding.C_DecryptAsync(handle, input, output))
    return Uint8Array.from(plaintext)
  } catch (error) {
    if (!saysNotAuthentic(error)) throw error
    // A token that went says the same.
    checkToken()
    return null
  } finally {
    output.fill(0)
  }
}
