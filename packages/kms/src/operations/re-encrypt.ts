import type { Answer, Call, Operation } from '../call.ts'
import { checkAction } from '../keys/access.ts'
import { keyArn } from '../keys/arn.ts'
import { backingKey, currentMaterial } from '../keys/materials.ts'
import { openKey, resolveKey } from '../keys/resolve.ts'
import { toBase64 } from '../model/base64.ts'
import type { InputOf } from '../model/types.ts'
import { ignoresCiphertext, missing } from './decrypt.ts'
import { checkAlgorithm, keyOfCiphertext } from './encryption.ts'

export const reEncrypt: Operation<'ReEncrypt'> = async (call, input) => {
  if (ignoresCiphertext(input)) return checkedKeysOnly(call, input)
  if (input.CiphertextBlob === undefined) throw missing('ciphertextBlob')
  const { key, material } = await keyOfCiphertext(call, input.CiphertextBlob, input.SourceKeyId, 'ReEncryptFrom')
  const target = await resolveKey(call, input.DestinationKeyId, 'ReEncryptTo')
  checkAction(key, 'ReEncryptFrom')
  checkAction(target, 'ReEncryptTo')
  checkAlgorithm(key, input.SourceEncryptionAlgorithm)
  checkAlgorithm(target, input.DestinationEncryptionAlgorithm)
  const targetMaterial = await currentMaterial(call.kms, target)
  const { ciphertextBlob } = await call.kms.domain.hsm.execute('reEncrypt', {
    source: {
      ...backingKey(key, material),
      ciphertextBlob: input.CiphertextBlob,
      encryptionContext: input.SourceEncryptionContext ?? {},
    },
    destination: {
      ...backingKey(target, targetMaterial),
      encryptionContext: input.DestinationEncryptionContext ?? {},
    },
  })
  return {
    CiphertextBlob: toBase64(ciphertextBlob),
    SourceKeyId: keyArn(key),
    KeyId: keyArn(target),
    SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    SourceKeyMaterialId: material.keyMaterialId,
    DestinationKeyMaterialId: targetMaterial.keyMaterialId,
  }
}

async function checkedKeysOnly(call: Call, input: InputOf<'ReEncrypt'>): Promise<Answer> {
  if (input.SourceKeyId === undefined) throw missing('sourceKeyId')
  const key = await openKey(call, input.SourceKeyId, 'ReEncryptFrom')
  const target = await openKey(call, input.DestinationKeyId, 'ReEncryptTo')
  checkAlgorithm(key, input.SourceEncryptionAlgorithm)
  checkAlgorithm(target, input.DestinationEncryptionAlgorithm)
  return { SourceKeyId: keyArn(key), KeyId: keyArn(target) }
}
