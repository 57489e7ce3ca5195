import { bodyLength, type Header } from '@bongtu/message-format'
import { carve } from './carve.ts'
import { checkEncryptOptions, type EncryptOptions } from './encrypt-options.ts'
import { lend } from './lent-bytes.ts'
import { MessageWriter } from './message-writer.ts'
import { Pace } from './pace.ts'

export interface EncryptResult {
  readonly ciphertext: Uint8Array<ArrayBuffer>
  readonly header: Header
  /** Whether the data key was taken from the cache. */
  readonly dataKeyCached: boolean
}

/**
 * Encrypts a whole plaintext (encrypt.md). Leave the plaintext as it is until the promise settles: bytes that are changed
 * meanwhile may be encrypted in either form. Throws TypeError or RangeError for wrong options, and if the plaintext's buffer is
 * resized, transferred or detached meanwhile; ERR_POLICY, ERR_CONTEXT, ERR_LIMIT, or ERR_KEYRING if the keyring wraps no data key.
 */
export async function encrypt(plaintext: Uint8Array, options: EncryptOptions): Promise<EncryptResult> {
  const input = lend('plaintext', plaintext)
  const checked = checkEncryptOptions('encrypt', options)
  const { writer, message, start } = await MessageWriter.start(checked, input.length)
  const { header } = message
  try {
    const footer = header.suite.signature === null ? 0 : 2 + header.suite.signature.maxSignatureLength
    const startLength = start[0].length + start[1].length
    const output = carve(startLength + bodyLength(input.length, header.frameLength) + footer)
    for (const piece of start) output.allocate(piece.length).set(piece)
    const oneFrame = input.length <= header.frameLength
    const pace = new Pace()
    for (const part of oneFrame ? [] : input.parts()) {
      await writer.push(part, output.allocate)
      const turn = pace.after(part.length)
      if (turn !== undefined) await turn
      checked.signal?.throwIfAborted()
    }
    await writer.finish(output.allocate, oneFrame ? input.whole() : undefined)
    // An engine that works asynchronously may have read the plaintext after it changed.
    input.whole()
    return { ciphertext: output.carved(), ...message }
  } finally {
    writer.destroy()
  }
}
