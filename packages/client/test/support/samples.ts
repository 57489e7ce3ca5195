import { type AlgorithmSuite, type DecryptOptions, encrypt } from '../../src/index.ts'
import { isPrefixOf, numbered } from './bytes.ts'
import type { Outcome } from './drivers.ts'
import { codeOf } from './errors.ts'
import { type Dissected, dissect } from './fields.ts'
import { policyFor } from './suites.ts'
import { toyKeyring } from './toy-keyring.ts'

export const FRAME_LENGTH = 8

/** Three regular frames and a final one. */
export const plaintext: Uint8Array = numbered(3 * FRAME_LENGTH + 3)

const keyring = toyKeyring()

/** A small message to be damaged. */
export interface Sample extends Dissected {
  readonly suite: AlgorithmSuite
  readonly message: Uint8Array
  readonly options: DecryptOptions
}

export async function sampleOf(suite: AlgorithmSuite): Promise<Sample> {
  const { algorithmSuite, commitmentPolicy } = policyFor(suite)
  const options = { keyring, commitmentPolicy }
  const format = { algorithmSuite, encryptionContext: { a: 'b' }, frameLength: FRAME_LENGTH }
  const { ciphertext: message } = await encrypt(plaintext, { ...options, ...format })
  return { ...dissect(message), suite, message, options }
}

/**
 * decrypt.md: how much plaintext may come out where bytes are intact up to `offset` only. Nothing before the header's
 * tag, a regular frame once its own tag verified, and of a signed message the final frame only once everything did.
 */
export function releasable({ header, frames, footer }: Dissected, offset: number): number {
  let end = header.length
  let released = 0
  for (const [index, frame] of frames.entries()) {
    end += frame.length
    const final = index === frames.length - 1
    if (offset < (final ? end + footer.length : end)) return released
    released += final ? plaintext.length - index * FRAME_LENGTH : FRAME_LENGTH
  }
  return released
}

/** What is wrong with a refusal: its code, or that more came out than `most` bytes of the plaintext. Nothing, if all is well. */
export function faultsOf({ released, error }: Outcome, codes: readonly string[], most: number): readonly string[] {
  const code = codeOf(error)
  const faults: string[] = []
  if (!codes.includes(code)) faults.push(`${code} instead of ${codes.join(' or ')}`)
  if (released.length > most) faults.push(`${released.length} bytes came out where ${most} may`)
  if (!isPrefixOf(released, plaintext)) faults.push('what came out is not the plaintext')
  return faults
}
