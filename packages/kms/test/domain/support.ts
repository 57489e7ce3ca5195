import { type Domain, openDomain } from '../../src/domain/domain.ts'
import { ephemeralRoot, type RootKeySource } from '../../src/hsm/factory.ts'
import type { KeyName } from '../../src/hsm/port.ts'
import { insert } from '../../src/store/kind.ts'
import { type Material, materials } from '../../src/store/material.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import type { Store } from '../../src/store/store.ts'
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
  const { token, backingKeyId } = await domain.hsm.execute('createBackingKey', { key, spec: 'SYMMETRIC_DEFAULT' })
  const material = materialOf(key, 0, token, backingKeyId)
  await store.commit([insert(materials, material)])
  return { key, id: materials.id(material), backingKeyId }
}

/** The token of a stored material, as it stands now. */
export async function tokenOf(store: Store, id: string): Promise<Uint8Array> {
  return Buffer.from((await store.get(materials, id))?.record.token ?? '', 'base64')
}

export function domainKeyIdOf(token: Uint8Array): string {
  return Buffer.from(token.subarray(3, 19)).toString('hex')
}
