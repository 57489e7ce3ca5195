import type { Operation } from '../call.ts'
import { keyArn } from '../keys/arn.ts'
import { backingKey, currentMaterial } from '../keys/materials.ts'
import { openKey } from '../keys/resolve.ts'
import { toBase64 } from '../model/base64.ts'
import { invalid } from '../wire/errors.ts'
import { refuseRecipient } from './encryption.ts'

const LENGTHS = { AES_128: 16, AES_256: 32 } as const

export const generateDataKey: Operation<'GenerateDataKey'> = async (call, input) => {
  refuseRecipient(input.Recipient)
  const numberOfBytes = dataKeyLength(input)
  const key = await openKey(call, input.KeyId, 'GenerateDataKey')
  const material = await currentMaterial(call.kms, key)
  const { ciphertextBlob, plaintext } = await call.kms.domain.hsm.execute('generateDataKey', {
    ...backingKey(key, material),
    numberOfBytes,
    encryptionContext: input.EncryptionContext ?? {},
  })
  const answer = {
    CiphertextBlob: toBase64(ciphertextBlob),
    Plaintext: toBase64(plaintext),
    KeyId: keyArn(key),
    KeyMaterialId: material.keyMaterialId,
  }
  plaintext.fill(0)
  return answer
}

/** Bytes of the data key. Throws ValidationException unless exactly one of KeySpec and NumberOfBytes is given. */
export function dataKeyLength(input: {
  readonly KeySpec?: keyof typeof LENGTHS
  readonly NumberOfBytes?: number
}): number {
  const { KeySpec, NumberOfBytes } = input
  if (KeySpec !== undefined && NumberOfBytes === undefined) return LENGTHS[KeySpec]
  if (KeySpec === undefined && NumberOfBytes !== undefined) return NumberOfBytes
  throw invalid('Please specify either number of bytes or key spec.')
}
