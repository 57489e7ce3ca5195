import { type AliasRecord, aliases, aliasRecordId, keyRecordId, keys } from '../keys/key-record.ts'
import type { Kms } from '../kms.ts'
import { materials } from '../store/material.ts'
import { type Transaction, transact } from '../store/transact.ts'
import { plantKey } from './plant-key.ts'
import type { Seed, SeedKey } from './seed.ts'

/** The account and Region of what names none. */
export interface SeedDefaults {
  readonly account: string
  readonly region: string
}

/** Adds the keys and aliases that the store lacks. Throws a TypeError for a seed that contradicts itself. */
export async function applySeed(kms: Kms, seed: Seed, given: SeedDefaults): Promise<void> {
  const defaults = { account: seed.account ?? given.account, region: seed.region ?? given.region }
  for (const key of seed.keys ?? []) await applyKey(kms, key, defaults)
  for (const { name, key, account = defaults.account, region = defaults.region } of seed.aliases ?? []) {
    await transact(kms.store, (transaction) => addAlias(kms, transaction, { account, region }, name, key))
  }
}

async function applyKey(kms: Kms, seed: SeedKey, defaults: SeedDefaults): Promise<void> {
  const account = seed.account ?? defaults.account
  const regions = seed.regions ?? [seed.region ?? defaults.region]
  await transact(kms.store, async (transaction) => {
    const held = await Promise.all(
      regions.map((region) => transaction.get(keys, keyRecordId({ account, region, keyId: seed.id }))),
    )
    if (held.every((key) => key === undefined)) {
      const { plant } = await kms.domain.tokensFor(transaction)
      for (const planted of plantKey(plant, seed, account, regions, kms.clock.now())) {
        transaction.insert(keys, planted.key)
        for (const material of planted.materials) transaction.insert(materials, material)
      }
    }
    for (const region of regions) {
      for (const name of seed.aliases ?? []) {
        await addAlias(kms, transaction, { account, region }, name, seed.id, true)
      }
    }
  })
}

async function addAlias(
  kms: Kms,
  transaction: Transaction,
  place: SeedDefaults,
  name: string,
  targetKeyId: string,
  known = false,
): Promise<void> {
  if ((await transaction.get(aliases, aliasRecordId(place, name))) !== undefined) return
  if (!known && (await kms.store.get(keys, keyRecordId({ ...place, keyId: targetKeyId }))) === undefined) {
    throw new TypeError(`the alias ${name} leads to the key ${targetKeyId}, which is not there`)
  }
  const now = kms.clock.now()
  const alias: AliasRecord = { ...place, name, targetKeyId, createdAt: now, updatedAt: now }
  transaction.insert(aliases, alias)
}
