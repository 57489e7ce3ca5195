import { domainKeyIdOf } from './hsm/port.ts'
import { keyArn } from './keys/arn.ts'
import {
  aliases,
  type KeyRecord,
  type KeyState,
  keyRecordId,
  keys,
  type Origin,
  rotationDue,
} from './keys/key-record.ts'
import { materialsOf } from './keys/materials.ts'
import type { Kms } from './kms.ts'
import { fromBase64 } from './model/base64.ts'
import type { Material } from './store/material.ts'
import type { Entry, Page } from './store/store.ts'

/** A key with everything that stands above and below it in the hierarchy. It holds no token and no key byte. */
export interface KeyOverview {
  readonly arn: string
  readonly account: string
  readonly region: string
  readonly keyId: string
  /** With their prefix `alias/`. */
  readonly aliases: readonly string[]
  readonly state: KeyState
  readonly origin: Origin
  readonly manager: 'AWS' | 'CUSTOMER'
  readonly description: string
  readonly createdAt: Date
  /** When it is to be deleted. */
  readonly deletion: Date | null
  /** When it rotates by itself. */
  readonly nextRotation: Date | null
  /** In the order in which they joined the key. */
  readonly materials: readonly MaterialOverview[]
}

/** One HSM backing key. */
export interface MaterialOverview {
  /** 64 hex digits: the KeyMaterialId of the API, which stands in every ciphertext of this material. */
  readonly id: string
  readonly state: Material['state']
  /** When it became the current one; `null` for the first material of a key. */
  readonly rotatedAt: Date | null
  /** The domain key that its token is under; `null` where imported material was deleted or has expired. */
  readonly domainKey: DomainKeyOverview | null
}

export interface DomainKeyOverview {
  /** 32 hex digits. */
  readonly id: string
  /** `null` where another process has made it only now. */
  readonly createdAt: Date | null
  /** The one domain key that new tokens are under; the others only unwrap. */
  readonly active: boolean
}

const PAGE = 500

/** The keys of all accounts and Regions, ordered by account, Region and id. */
export async function* overviewOf(kms: Kms): AsyncGenerator<KeyOverview> {
  const { domainKeys } = await kms.domain.status()
  const known = new Map(
    domainKeys.map(({ id, createdAt }, at) => [id, { createdAt: new Date(createdAt), active: at === 0 }]),
  )
  const domainKeyOf = ({ token }: Material): DomainKeyOverview | null => {
    const bytes = token === null ? undefined : fromBase64(token)
    const id = bytes === undefined ? null : domainKeyIdOf(bytes)
    return id === null ? null : { id, ...(known.get(id) ?? { createdAt: null, active: false }) }
  }
  for await (const key of paged((page) => kms.store.list(keys, '', page))) {
    const names: string[] = []
    for await (const alias of paged((page) => kms.store.listBy(aliases, 'target', keyRecordId(key), page))) {
      names.push(alias.name)
    }
    const materials = await materialsOf(kms, key)
    yield { ...facts(key), aliases: names, materials: materials.map((one) => materialFacts(one, domainKeyOf(one))) }
  }
}

function facts(key: KeyRecord): Omit<KeyOverview, 'aliases' | 'materials'> {
  const { account, region, keyId, state, origin, manager, description } = key
  return {
    arn: keyArn(key),
    account,
    region,
    keyId,
    state,
    origin,
    manager,
    description,
    createdAt: new Date(key.createdAt),
    deletion: dateOf(key.deletion?.date ?? null),
    nextRotation: dateOf(rotationDue(key)),
  }
}

function materialFacts(material: Material, domainKey: DomainKeyOverview | null): MaterialOverview {
  const { keyMaterialId: id, state, rotation } = material
  return { id, state, rotatedAt: dateOf(rotation?.date ?? null), domainKey }
}

function dateOf(time: number | null): Date | null {
  return time === null ? null : new Date(time)
}

async function* paged<T extends object>(load: (page: Page) => Promise<readonly Entry<T>[]>): AsyncGenerator<T> {
  for (let after = ''; ; ) {
    const page = await load({ after, limit: PAGE })
    for (const { record } of page) yield record
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = last.id
  }
}
