import type { Answer, Call, Operation } from '../call.ts'
import { checkAction } from '../keys/access.ts'
import { keyArn } from '../keys/arn.ts'
import { backingKey } from '../keys/materials.ts'
import { openKey } from '../keys/resolve.ts'
import { toBase64 } from '../model/base64.ts'
import { nullViolation } from '../model/read-input.ts'
import type { InputOf } from '../model/types.ts'
import { invalid } from '../wire/errors.ts'
import { checkAlgorithm, keyOfCiphertext, refuseRecipient } from './encryption.ts'

export const decrypt: Operation<'Decrypt'> = async (call, input) => {
  refuseRecipient(input.Recipient)
  if (ignoresCiphertext(input)) return checkedKeyOnly(call, input)
  if (input.CiphertextBlob === undefined) throw missing('ciphertextBlob')
  const { key, material } = await keyOfCiphertext(call, input.CiphertextBlob, input.KeyId, 'Decrypt')
  checkAction(key, 'Decrypt')
  checkAlgorithm(key, input.EncryptionAlgorithm)
  const { plaintext } = await call.kms.domain.hsm.execute('decrypt', {
    ...backingKey(key, material),
    ciphertextBlob: input.CiphertextBlob,
    encryptionContext: input.EncryptionContext ?? {},
  })
  const answer = {
    KeyId: keyArn(key),
    Plaintext: toBase64(plaintext),
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    KeyMaterialId: material.keyMaterialId,
  }
  plaintext.fill(0)
  return answer
}

/** A rehearsal may leave the ciphertext out; then the key must be named. */
export function ignoresCiphertext(input: {
  readonly DryRun?: boolean
  readonly DryRunModifiers?: readonly string[]
}): boolean {
  const modified = input.DryRunModifiers?.includes('IGNORE_CIPHERTEXT') === true
  if (modified && input.DryRun !== true) throw invalid('DryRunModifiers can only be specified when DryRun is true.')
  return modified
}

export function missing(path: string): Error {
  return invalid(`1 validation error detected: ${nullViolation(path)}`)
}

async function checkedKeyOnly(call: Call, input: InputOf<'Decrypt'>): Promise<Answer> {
  if (input.KeyId === undefined) throw missing('keyId')
  const key = await openKey(call, input.KeyId, 'Decrypt')
  checkAlgorithm(key, input.EncryptionAlgorithm)
  return { KeyId: keyArn(key) }
}
