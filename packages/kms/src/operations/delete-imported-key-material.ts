import type { Operation } from '../call.ts'
import { keyArn } from '../keys/arn.ts'
import { transactOnKey } from '../keys/change-key.ts'
import { removeTokens } from '../keys/expire.ts'
import { materialsOf } from '../keys/materials.ts'
import { KmsError } from '../wire/errors.ts'

/** Without a material id it is the current material that goes. What is gone already stays gone. */
export const deleteImportedKeyMaterial: Operation<'DeleteImportedKeyMaterial'> = async (call, input) =>
  transactOnKey(call, input.KeyId, 'DeleteImportedKeyMaterial', async (key, transaction) => {
    const id = input.KeyMaterialId ?? key.currentMaterialId
    if (input.KeyMaterialId !== undefined) {
      const all = await materialsOf(call.kms, key)
      if (!all.some((material) => material.keyMaterialId === id)) {
        throw new KmsError('NotFoundException', `Key material '${id}' is not associated with ${keyArn(key)}`)
      }
    }
    await removeTokens(call.kms, transaction, key, (material) => material.keyMaterialId === id)
    return { KeyId: keyArn(key), ...(id === null ? {} : { KeyMaterialId: id }) }
  })
