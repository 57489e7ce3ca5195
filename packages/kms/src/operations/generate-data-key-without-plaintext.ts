import type { Operation } from '../call.ts'
import { keyArn } from '../keys/arn.ts'
import { backingKey, currentMaterial } from '../keys/materials.ts'
import { openKey } from '../keys/resolve.ts'
import { toBase64 } from '../model/base64.ts'
import { dataKeyLength } from './generate-data-key.ts'

export const generateDataKeyWithoutPlaintext: Operation<'GenerateDataKeyWithoutPlaintext'> = async (call, input) => {
  const numberOfBytes = dataKeyLength(input)
  const key = await openKey(call, input.KeyId, 'GenerateDataKeyWithoutPlaintext')
  const material = await currentMaterial(call.kms, key)
  const { ciphertextBlob } = await call.kms.domain.hsm.execute('generateDataKeyWithoutPlaintext', {
    ...backingKey(key, material),
    numberOfBytes,
    encryptionContext: input.EncryptionContext ?? {},
  })
  return { CiphertextBlob: toBase64(ciphertextBlob), KeyId: keyArn(key), KeyMaterialId: material.keyMaterialId }
}
