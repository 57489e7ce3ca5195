import type { Operation } from '../call.ts'
import { keyArn } from '../keys/arn.ts'
import { backingKey, currentMaterial } from '../keys/materials.ts'
import { openKey } from '../keys/resolve.ts'
import { toBase64 } from '../model/base64.ts'
import { checkAlgorithm } from './encryption.ts'

export const encrypt: Operation<'Encrypt'> = async (call, input) => {
  const key = await openKey(call, input.KeyId, 'Encrypt')
  checkAlgorithm(key, input.EncryptionAlgorithm)
  const material = await currentMaterial(call.kms, key)
  const { ciphertextBlob } = await call.kms.domain.hsm.execute('encrypt', {
    ...backingKey(key, material),
    plaintext: input.Plaintext,
    encryptionContext: input.EncryptionContext ?? {},
  })
  input.Plaintext.fill(0)
  return { CiphertextBlob: toBase64(ciphertextBlob), KeyId: keyArn(key), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
}
