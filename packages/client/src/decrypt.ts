import { BongtuError, FINAL_FRAME_OVERHEAD, REGULAR_FRAME_OVERHEAD } from '@bongtu/message-format'
import { type Carving, carve } from './carve.ts'
import { checkDecryptOptions, type DecryptOptions, decryptOptionNames } from './decrypt-options.ts'
import type { Place } from './frame-opener.ts'
import { lend } from './lent-bytes.ts'
import { MessageReader, type OpenedMessage } from './message-reader.ts'
import { Pace } from './pace.ts'

export interface DecryptResult extends OpenedMessage {
  readonly plaintext: Uint8Array<ArrayBuffer>
}

/**
 * Decrypts a whole message, and hands out nothing before everything verified (decrypt.md). Throws TypeError or RangeError
 * for wrong options, ERR_MALFORMED, ERR_TRUNCATED, ERR_UNSUPPORTED, ERR_LIMIT, ERR_POLICY, ERR_CONTEXT, ERR_NO_KEY or
 * ERR_AUTHENTICATION.
 */
export async function decrypt(
  ciphertext: Uint8Array,
  options: Omit<DecryptOptions, 'unverified'>,
): Promise<DecryptResult> {
  const input = lend('ciphertext', ciphertext)
  const checked = checkDecryptOptions('decrypt', options, decryptOptionNames, 'release')
  let opened: OpenedMessage | undefined
  const reader = new MessageReader(checked, (message) => {
    opened = message
  })
  let output: Carving | undefined
  let plaintext: Uint8Array<ArrayBuffer> | undefined
  const place: Place = (length, last) => {
    if (last && output === undefined) return null
    output ??= carve(longestPlaintext(input.length, opened?.header.frameLength ?? 0))
    return output.allocate(length)
  }
  const released = async (): Promise<boolean> => {
    const piece = await reader.next(place)
    if (piece !== null) plaintext = output?.carved() ?? piece
    return piece !== null
  }
  try {
    const pace = new Pace()
    for (const part of input.parts()) {
      reader.push(part)
      while (await released()) checked.signal?.throwIfAborted()
      const turn = pace.after(part.length)
      if (turn !== undefined) await turn
      checked.signal?.throwIfAborted()
    }
    reader.end()
    if (opened === undefined) throw new BongtuError('ERR_TRUNCATED', 'the message ends before its header does')
    return { plaintext: plaintext ?? new Uint8Array(0), ...opened }
  } catch (error) {
    output?.carved().fill(0)
    plaintext?.fill(0)
    throw error
  } finally {
    reader.destroy()
  }
}

/** No message of this many bytes holds more plaintext; most hold little less. */
function longestPlaintext(messageLength: number, frameLength: number): number {
  const content = Math.max(messageLength - FINAL_FRAME_OVERHEAD, 0)
  if (frameLength === 0) return messageLength
  return content - REGULAR_FRAME_OVERHEAD * Math.floor(content / (frameLength + REGULAR_FRAME_OVERHEAD))
}
