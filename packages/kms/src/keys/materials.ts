import type { BackingKeyRef } from '../hsm/port.ts'
import type { Kms } from '../kms.ts'
import { fromBase64 } from '../model/base64.ts'
import { type Material, materials } from '../store/material.ts'
import { KmsError } from '../wire/errors.ts'
import { keyArn } from './arn.ts'
import { type KeyRecord, keyRecordId } from './key-record.ts'

const PAGE = 1000

/** Every material of the key, in the order in which they joined it. */
export async function materialsOf(kms: Kms, key: KeyRecord): Promise<readonly Material[]> {
  const all: Material[] = []
  const prefix = `${keyRecordId(key)}/`
  for (let after: string | undefined; ; ) {
    const page = await kms.store.list(materials, prefix, after === undefined ? { limit: PAGE } : { after, limit: PAGE })
    all.push(...page.map((entry) => entry.record))
    if (page.length < PAGE) return all
    after = page.at(-1)?.id
  }
}

/** The material that encrypts. Throws KMSInvalidStateException where it is not there. */
export async function currentMaterial(kms: Kms, key: KeyRecord): Promise<Material> {
  const { currentMaterialId: id } = key
  const entry = id === null ? undefined : await kms.store.find(materials, 'keyMaterialId', `${key.region}/${id}`)
  if (entry === undefined) throw pendingImport(key)
  return entry.record
}

const references = new WeakMap<Material, BackingKeyRef>()

/** The material as the HSM takes it. Throws KMSInvalidStateException if it was deleted or has expired, KeyUnavailableException if its record is damaged. */
export function backingKey(key: KeyRecord, material: Material): BackingKeyRef {
  const known = references.get(material)
  if (known !== undefined) return known
  if (material.token === null) throw pendingImport(key)
  const { account, region, keyId } = key
  const isOfKey = material.account === account && material.region === region && material.keyId === keyId
  const token = isOfKey && typeof material.token === 'string' ? fromBase64(material.token) : undefined
  if (token === undefined || token.length === 0) throw new KmsError('KeyUnavailableException')
  const reference = { key: { account, region, keyId }, token }
  references.set(material, reference)
  return reference
}

function pendingImport(key: KeyRecord): KmsError {
  return new KmsError('KMSInvalidStateException', `${keyArn(key)} is pending import.`)
}
