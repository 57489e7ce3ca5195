import { type Domain, openDomain, type TokenMaker } from '../../src/domain/domain.ts'
import { ephemeralRoot, type RootKeySource } from '../../src/hsm/factory.ts'
import type { Hsm, KeyName } from '../../src/hsm/port.ts'
import { type Material, materials } from '../../src/store/material.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import type { Store } from '../../src/store/store.ts'
import { transact } from '../../src/store/transact.ts'
import { NOON } from '../hsm/support.ts'

export interface TestDomain {
  readonly store: Store
  readonly domain: Domain
  readonly rootKey: RootKeySource
  readonly clock: { now: number }
}

/** A root that is the same however often it is asked for, as a file is. */
export function lastingRoot(): RootKeySource {
  const root = ephemeralRoot()({ mayCreate: true })
  return () => root
}

export async function testDomain(store: Store = memoryStore(), rootKey = lastingRoot()): Promise<TestDomain> {
  const clock = { now: NOON }
  return { store, rootKey, clock, domain: await openDomain({ store, rootKey, now: () => clock.now }) }
}

export function materialOf(key: KeyName, sequence: number, token: Uint8Array, keyMaterialId: string): Material {
  return {
    ...key,
    sequence,
    keyMaterialId,
    spec: 'SYMMETRIC_DEFAULT',
    token: Buffer.from(token).toString('base64'),
    state: 'CURRENT',
    rotation: null,
    imported: null,
  }
}

/** A key with one stored backing key. */
export async function storedKey({ store, domain }: Pick<TestDomain, 'store' | 'domain'>, key: KeyName) {
  return transact(store, async (transaction) => {
    const tokens = await domain.tokensFor(transaction)
    const { token, backingKeyId } = await tokens.execute('createBackingKey', { key, spec: 'SYMMETRIC_DEFAULT' })
    const material = materialOf(key, 0, token, backingKeyId)
    transaction.insert(materials, material)
    return { key, id: materials.id(material), backingKeyId }
  })
}

/** The token of a stored material, as it stands now. */
export async function tokenOf(store: Store, id: string): Promise<Uint8Array> {
  return Buffer.from((await store.get(materials, id))?.record.token ?? '', 'base64')
}

export function domainKeyIdOf(token: Uint8Array): string {
  return Buffer.from(token.subarray(3, 19)).toString('hex')
}

/** Every command of the HSM, those that make tokens too, without a transaction to store them in. */
export async function wholeHsm({ store, domain }: Pick<TestDomain, 'store' | 'domain'>): Promise<Hsm & TokenMaker> {
  const tokens = await transact(store, (transaction) => domain.tokensFor(transaction))
  return { ...tokens, execute: tokens.execute as Hsm['execute'] }
}
