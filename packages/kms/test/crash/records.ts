import type { KeyName } from '../../src/hsm/port.ts'
import { type Material, materials } from '../../src/store/material.ts'
import type { Kind, Store } from '../../src/store/store.ts'

/** The least that a key is above its materials. It and its materials are written together or not at all. */
export interface CrashKey extends KeyName {
  /** How many materials it has had. */
  readonly materials: number
}

export const crashKeys: Kind<CrashKey> = { name: 'crash-key', id: (key) => key.keyId }

/** What the child tells: an intention before it deletes, everything else when it is done. */
export type Told =
  | { readonly told: 'ready' }
  | { readonly told: 'sealed'; readonly keyId: string; readonly blob: string }
  | { readonly told: 'deleting'; readonly keyId: string }
  | { readonly told: 'deleted'; readonly keyId: string }
  | { readonly told: 'rotated the domain' }

export const REGION = { account: '111122223333', region: 'us-east-1' }

/** The materials of a key, oldest first. */
export async function materialsOf(store: Store, { account, region, keyId }: KeyName): Promise<Material[]> {
  const found = await store.list(materials, `${account}/${region}/${keyId}/`, { limit: 1000 })
  return found.map(({ record }) => record)
}

export function plaintextFor(keyId: string): Uint8Array {
  return new TextEncoder().encode(`a secret under ${keyId}`)
}
