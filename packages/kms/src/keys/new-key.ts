import { randomBytes } from '@bongtu/crypto/node'
import { DAY } from '../clock.ts'
import type { TokenMaker } from '../domain/domain.ts'
import { toBase64 } from '../model/base64.ts'
import type { Material } from '../store/material.ts'
import type { Place } from './arn.ts'
import type { KeyRecord, Rotation } from './key-record.ts'

/** A random UUID of version 4. */
export function uuid(): string {
  const bytes = randomBytes(16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

export function newKeyId(multiRegion: boolean): string {
  return multiRegion ? `mrk-${Buffer.from(randomBytes(16)).toString('hex')}` : uuid()
}

export const DEFAULT_ROTATION_DAYS = 365

export const noRotation: Rotation = {
  enabled: false,
  periodInDays: DEFAULT_ROTATION_DAYS,
  nextAt: null,
  onDemandCount: 0,
}

export function rotatingFrom(time: number, periodInDays: number, onDemandCount = 0): Rotation {
  return { enabled: true, periodInDays, nextAt: time + periodInDays * DAY, onDemandCount }
}

/** The members of a key that most keys share. */
export function plainKey(place: Place, keyId: string, createdAt: number, policy: string): KeyRecord {
  return {
    account: place.account,
    region: place.region,
    keyId,
    createdAt,
    state: 'Enabled',
    description: '',
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    manager: 'CUSTOMER',
    multiRegion: null,
    policy,
    tags: [],
    currentMaterialId: null,
    materialCount: 0,
    deletion: null,
    rotation: noRotation,
    imported: null,
  }
}

/** The key with its first material, which the HSM makes. */
export async function withFirstMaterial(
  tokens: TokenMaker,
  key: KeyRecord,
): Promise<{ key: KeyRecord; material: Material }> {
  const { account, region, keyId, spec } = key
  const { token, backingKeyId } = await tokens.execute('createBackingKey', { key: { account, region, keyId }, spec })
  const material: Material = {
    account,
    region,
    keyId,
    spec,
    sequence: key.materialCount,
    keyMaterialId: backingKeyId,
    token: toBase64(token),
    state: 'CURRENT',
    rotation: null,
    imported: null,
  }
  return { key: { ...key, currentMaterialId: backingKeyId, materialCount: key.materialCount + 1 }, material }
}
