import { toSeconds } from '../clock.ts'
import type { Kms } from '../kms.ts'
import { keyArn } from './arn.ts'
import { relatedKeys } from './destroy.ts'
import type { KeyRecord } from './key-record.ts'

/** KeyMetadata as CreateKey and DescribeKey answer it. */
export async function keyMetadata(kms: Kms, key: KeyRecord): Promise<Readonly<Record<string, unknown>>> {
  return {
    AWSAccountId: key.account,
    KeyId: key.keyId,
    Arn: keyArn(key),
    CreationDate: toSeconds(key.createdAt),
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: key.state,
    ...deletionMembers(key),
    ...importMembers(key),
    Origin: key.origin,
    KeyManager: key.manager,
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: key.multiRegion !== null,
    ...(key.multiRegion === null ? {} : { MultiRegionConfiguration: await multiRegionConfiguration(kms, key) }),
    ...(key.currentMaterialId === null ? {} : { CurrentKeyMaterialId: key.currentMaterialId }),
  }
}

function deletionMembers({ deletion }: KeyRecord): object {
  if (deletion === null) return {}
  if (deletion.date === null) return { PendingDeletionWindowInDays: deletion.windowInDays }
  return { DeletionDate: toSeconds(deletion.date) }
}

function importMembers({ imported }: KeyRecord): object {
  if (imported === null) return {}
  if (imported.validTo === null) return { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
  return { ValidTo: toSeconds(imported.validTo), ExpirationModel: 'KEY_MATERIAL_EXPIRES' }
}

async function multiRegionConfiguration(kms: Kms, key: KeyRecord): Promise<object> {
  const related = await relatedKeys(kms, key)
  const named = (one: KeyRecord) => ({ Arn: keyArn(one), Region: one.region })
  const primary = related.find((one) => one.multiRegion === 'PRIMARY') ?? key
  return {
    MultiRegionKeyType: key.multiRegion,
    PrimaryKey: named(primary),
    ReplicaKeys: related.filter((one) => one.multiRegion === 'REPLICA').map(named),
  }
}
