import type { Operation } from '../call.ts'
import { DAY } from '../clock.ts'
import { type ExportedBackingKey, HsmError } from '../hsm/port.ts'
import { keyArn } from '../keys/arn.ts'
import { transactOnKey } from '../keys/change-key.ts'
import { withMaterials } from '../keys/expire.ts'
import { type KeyRecord, keys } from '../keys/key-record.ts'
import { materialsOf } from '../keys/materials.ts'
import { toBase64 } from '../model/base64.ts'
import type { InputOf } from '../model/types.ts'
import { type Material, materials } from '../store/material.ts'
import { invalid, KmsError } from '../wire/errors.ts'

type Input = InputOf<'ImportKeyMaterial'>

const LONGEST_VALIDITY = 365 * DAY

export const importKeyMaterial: Operation<'ImportKeyMaterial'> = async (call, input) => {
  const { kms } = call
  return transactOnKey(call, input.KeyId, 'ImportKeyMaterial', async (key, transaction) => {
    const validTo = expiryOf(input, kms.clock.now())
    const all = await materialsOf(kms, key)
    const isNew = importsNew(input, all)
    const { account, region, keyId, spec } = key
    const tokens = await kms.domain.tokensFor(transaction)
    const made = await tokens
      .execute('importKeyMaterial', {
        key: { account, region, keyId },
        spec,
        importToken: input.ImportToken,
        encryptedKeyMaterial: input.EncryptedKeyMaterial,
      })
      .catch(blameToken)
    const imported = isNew ? newMaterial(key, all, made) : knownMaterial(input, all, made)
    const description = input.KeyMaterialDescription ?? imported.imported?.description ?? null
    const material = { ...imported, token: toBase64(made.token), imported: { description, validTo } }
    if (isNew) transaction.insert(materials, material)
    else if ((await transaction.get(materials, materials.id(material))) !== undefined) {
      transaction.replace(materials, material)
    }
    const others = all.filter((one) => one.sequence !== material.sequence)
    transaction.replace(keys, withMaterials(associated(key, material, isNew), [...others, material]))
    return { KeyId: keyArn(key), KeyMaterialId: material.keyMaterialId }
  })
}

/** The import token is all that the command opens, so a domain key that is not there is the caller's doing, or too long ago. */
function blameToken(error: unknown): never {
  const isUnknown = error instanceof HsmError && error.code === 'unknownDomainKey'
  throw isUnknown ? new KmsError('InvalidImportTokenException') : error
}

/** When the material is to expire; `null` for never. */
function expiryOf({ ExpirationModel, ValidTo }: Input, now: number): number | null {
  if (ExpirationModel === 'KEY_MATERIAL_DOES_NOT_EXPIRE') {
    if (ValidTo === undefined) return null
    throw invalid('A validTo date must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE')
  }
  if (ValidTo === undefined) throw invalid('A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES')
  if (ValidTo <= now) throw invalid('The validTo date must be in the future')
  if (ValidTo > now + LONGEST_VALIDITY) throw invalid('The validTo date must be at most 365 days in the future')
  return ValidTo
}

function importsNew({ ImportType, KeyMaterialId }: Input, all: readonly Material[]): boolean {
  const isNew = ImportType === undefined ? all.length === 0 : ImportType === 'NEW_KEY_MATERIAL'
  if (isNew && KeyMaterialId !== undefined) {
    throw invalid('A KeyMaterialId must not be set if the ImportType is NEW_KEY_MATERIAL')
  }
  return isNew
}

/** The first material of a key is current at once; any other waits for a rotation on demand. */
function newMaterial(key: KeyRecord, all: readonly Material[], { backingKeyId }: ExportedBackingKey): Material {
  if (all.some((one) => one.keyMaterialId === backingKeyId)) throw incorrectMaterial()
  const pending = all.find((one) => one.state === 'PENDING_ROTATION')
  if (pending !== undefined) {
    throw new KmsError(
      'KMSInvalidStateException',
      `New key material (id: ${backingKeyId}) cannot be imported into KMS key ${keyArn(key)}, because another key material (id: ${pending.keyMaterialId}) is pending rotation.`,
    )
  }
  return {
    account: key.account,
    region: key.region,
    keyId: key.keyId,
    spec: key.spec,
    sequence: key.materialCount,
    keyMaterialId: backingKeyId,
    token: null,
    state: all.length === 0 ? 'CURRENT' : 'PENDING_ROTATION',
    rotation: null,
    imported: null,
  }
}

/** The material that the key had before, and the one that the caller says it is. */
function knownMaterial(input: Input, all: readonly Material[], { backingKeyId }: ExportedBackingKey): Material {
  const known = all.find((one) => one.keyMaterialId === backingKeyId)
  if (known === undefined || (input.KeyMaterialId ?? backingKeyId) !== backingKeyId) throw incorrectMaterial()
  return known
}

function associated(key: KeyRecord, material: Material, isNew: boolean): KeyRecord {
  if (!isNew) return key
  const counted = { ...key, materialCount: key.materialCount + 1 }
  return material.state === 'CURRENT' ? { ...counted, currentMaterialId: material.keyMaterialId } : counted
}

function incorrectMaterial(): KmsError {
  return new KmsError('IncorrectKeyMaterialException')
}
