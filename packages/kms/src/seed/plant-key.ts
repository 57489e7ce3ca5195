import { randomBytes } from '@bongtu/crypto/node'
import type { ExportedBackingKey, KeyName } from '../hsm/port.ts'
import type { KeyRecord } from '../keys/key-record.ts'
import { plainKey, rotatingFrom } from '../keys/new-key.ts'
import { fromBase64, toBase64 } from '../model/base64.ts'
import { defaultPolicy } from '../policy/default-policy.ts'
import type { Material } from '../store/material.ts'
import type { SeedKey } from './seed.ts'

/** Takes material that is known outside into the HSM. */
export type Plant = (key: KeyName, spec: 'SYMMETRIC_DEFAULT', material: Uint8Array) => ExportedBackingKey

export interface PlantedKey {
  readonly key: KeyRecord
  readonly materials: readonly Material[]
}

const MATERIAL_LENGTH = 32
const DEFAULT_ROTATION = 365

/** A seeded key as it stands in each of its Regions, with its materials. */
export function plantKey(
  plant: Plant,
  seed: SeedKey,
  account: string,
  regions: readonly string[],
  now: number,
): PlantedKey[] {
  const given = [seed.material, ...(seed.rotations ?? []).map((rotation) => rotation.material)]
  const clear = given.map((material) =>
    material === undefined ? randomBytes(MATERIAL_LENGTH) : readMaterial(seed, material),
  )
  const empty = seed.origin === 'EXTERNAL' && seed.material === undefined
  try {
    return regions.map((region, at) => {
      const key = blankKey(seed, account, region, at === 0, now)
      if (empty) return { key: { ...key, state: 'PendingImport' }, materials: [] }
      const materials = clear.map((material, sequence) => {
        const { token, backingKeyId } = plant({ account, region, keyId: seed.id }, key.spec, material)
        return materialOf(key, seed, sequence, clear.length - 1, token, backingKeyId)
      })
      return {
        key: { ...key, currentMaterialId: materials.at(-1)?.keyMaterialId ?? null, materialCount: materials.length },
        materials,
      }
    })
  } finally {
    for (const material of clear) material.fill(0)
  }
}

function blankKey(seed: SeedKey, account: string, region: string, primary: boolean, now: number): KeyRecord {
  const { description = '', enabled = true, origin = 'AWS_KMS', rotation = false } = seed
  const createdAt = seed.createdAt === undefined ? now : Date.parse(seed.createdAt)
  const multiRegion = seed.id.startsWith('mrk-') ? (primary ? 'PRIMARY' : 'REPLICA') : null
  const plain = plainKey({ account, region }, seed.id, createdAt, policyOf(seed, account, region))
  return {
    ...plain,
    state: enabled ? 'Enabled' : 'Disabled',
    description,
    origin,
    multiRegion,
    tags: Object.entries(seed.tags ?? {}).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
    imported: origin === 'EXTERNAL' && seed.material !== undefined ? { validTo: null } : null,
    rotation: rotation === false ? plain.rotation : rotatingFrom(now, rotation === true ? DEFAULT_ROTATION : rotation),
  }
}

function materialOf(
  key: KeyRecord,
  seed: SeedKey,
  sequence: number,
  last: number,
  token: Uint8Array,
  keyMaterialId: string,
): Material {
  const rotation = sequence === 0 ? undefined : seed.rotations?.[sequence - 1]
  return {
    account: key.account,
    region: key.region,
    keyId: key.keyId,
    spec: key.spec,
    sequence,
    keyMaterialId,
    token: toBase64(token),
    state: sequence === last ? 'CURRENT' : 'NON_CURRENT',
    rotation: rotation === undefined ? null : { type: rotation.type ?? 'AUTOMATIC', date: Date.parse(rotation.date) },
    imported: key.origin === 'EXTERNAL' ? { description: null, validTo: null } : null,
  }
}

function policyOf({ policy }: SeedKey, account: string, region: string): string {
  if (policy === undefined) return defaultPolicy({ account, region })
  return typeof policy === 'string' ? policy : JSON.stringify(policy)
}

function readMaterial({ id }: SeedKey, text: string): Uint8Array {
  const isHex = /^[0-9a-fA-F]{64}$/.test(text)
  const bytes = isHex ? new Uint8Array(Buffer.from(text, 'hex')) : fromBase64(text)
  if (bytes?.length === MATERIAL_LENGTH) return bytes
  throw new TypeError(`the material of key ${id} is not 32 bytes as hex or base64`)
}
