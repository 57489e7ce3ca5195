import type { Operation } from '../call.ts'
import { toSeconds } from '../clock.ts'
import { keyArn } from '../keys/arn.ts'
import type { KeyRecord } from '../keys/key-record.ts'
import { materialsOf } from '../keys/materials.ts'
import { openKey } from '../keys/resolve.ts'
import type { Material } from '../store/material.ts'
import { pageOf } from './paging.ts'

const BOUNDS = { usual: 100, most: 1000 }

/** The oldest first. Without IncludeKeyMaterial: only what became current by a rotation. */
export const listKeyRotations: Operation<'ListKeyRotations'> = async (call, input) => {
  const key = await openKey(call, input.KeyId, 'ListKeyRotations')
  const everything = input.IncludeKeyMaterial === 'ALL_KEY_MATERIAL'
  const all = await materialsOf(call.kms, key)
  const shown = all.filter((material) => everything || material.rotation !== null)
  const list = `${key.keyId} ${everything}`
  const { items, rest } = await pageOf(call, input, BOUNDS, list, shown)
  return { Rotations: items.map((material) => listed(key, material)), ...rest }
}

function listed(key: KeyRecord, { keyMaterialId, state, rotation, imported, token }: Material): object {
  return {
    KeyId: keyArn(key),
    KeyMaterialId: keyMaterialId,
    KeyMaterialState: state,
    ...(rotation === null ? {} : { RotationDate: toSeconds(rotation.date), RotationType: rotation.type }),
    ...(imported === null ? {} : importMembers(imported, token !== null)),
  }
}

function importMembers({ description, validTo }: NonNullable<Material['imported']>, present: boolean): object {
  const described = description === null ? {} : { KeyMaterialDescription: description }
  if (!present) return { ...described, ImportState: 'PENDING_IMPORT' }
  const expiry =
    validTo === null
      ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
      : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: toSeconds(validTo) }
  return { ...described, ImportState: 'IMPORTED', ...expiry }
}
