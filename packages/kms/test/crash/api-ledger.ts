import { join } from 'node:path'
import { type KeyRecord, keyRecordId, keys } from '../../src/keys/key-record.ts'
import { materials } from '../../src/store/material.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Call } from './api-server.ts'

/** What a server has acknowledged of one key. */
export interface LedgerKey {
  readonly id: string
  readonly alias: string
  /** Ciphertexts of the key's id, base64. */
  readonly blobs: string[]
  rotations: number
  /** Whether its alias was acknowledged. */
  named: boolean
  /** `live` until something was asked for that takes the key or its material away, whatever came of that. */
  fate: 'live' | 'withdrawn'
  readonly imported: boolean
}

export const plaintextOf = (key: LedgerKey): string => Buffer.from(`a secret under ${key.id}`).toString('base64')

/** Asks a server that came up again for all that was acknowledged. Throws at the first thing that is not there. */
export async function checkAcknowledged(call: Call, ledger: readonly LedgerKey[]): Promise<number> {
  let opened = 0
  for (const key of ledger) {
    if (key.fate === 'withdrawn') continue
    const { KeyMetadata } = await call('DescribeKey', { KeyId: key.named ? key.alias : key.id })
    if (KeyMetadata.KeyId !== key.id || KeyMetadata.KeyState !== 'Enabled')
      throw new Error(`${key.id} is not as it was`)
    for (const CiphertextBlob of key.blobs) {
      const { Plaintext } = await call('Decrypt', { CiphertextBlob })
      if (Plaintext !== plaintextOf(key)) throw new Error(`${key.id} opened something else`)
      opened++
    }
    const { Rotations } = await call('ListKeyRotations', { KeyId: key.id, Limit: 1000 })
    // The one that was under way may have been done, or not.
    if (Rotations.length !== key.rotations && Rotations.length !== key.rotations + 1) {
      throw new Error(`${key.id} was rotated ${key.rotations} times, and shows ${Rotations.length}`)
    }
    key.rotations = Rotations.length
  }
  return opened
}

/** Looks into a store that nobody has open: every key has the materials that it names, and every material its key. */
export async function checkWhole(folder: string): Promise<number> {
  const store = await sqliteStore({ file: join(folder, 'kms.db') })
  try {
    const all = (await store.list(keys, '', { limit: 10_000 })).map(({ record }) => record)
    const held = (await store.list(materials, '', { limit: 10_000 })).map(({ record }) => record)
    const names = new Set(all.map(keyRecordId))
    const orphan = held.find((material) => !names.has(keyRecordId(material)))
    if (orphan !== undefined) throw new Error(`material of ${orphan.keyId}, which is not there`)
    for (const key of all)
      checkKey(
        key,
        held.filter((material) => keyRecordId(material) === keyRecordId(key)),
      )
    return all.length
  } finally {
    await store.close()
  }
}

function checkKey(key: KeyRecord, own: readonly { readonly keyMaterialId: string; readonly state: string }[]): void {
  const current = own.filter(({ state }) => state === 'CURRENT').map(({ keyMaterialId }) => keyMaterialId)
  const wanted = key.currentMaterialId === null ? [] : [key.currentMaterialId]
  if (current.join() !== wanted.join() || own.length !== key.materialCount) throw new Error(`${key.keyId} is half made`)
}
