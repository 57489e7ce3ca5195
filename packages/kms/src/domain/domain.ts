import { createHsm, type EmbeddedHsm, type RootKeySource, reached } from '../hsm/factory.ts'
import { type CommandName, type DomainStatus, type DomainToken, type Hsm, HsmError } from '../hsm/port.ts'
import { insert } from '../store/kind.ts'
import { materials } from '../store/material.ts'
import { type Store, StoreError } from '../store/store.ts'
import { DOMAIN_ID, type DomainRecord, domains } from './domain-record.ts'
import { rotateDomain } from './rotate-domain.ts'

/** The host's side of the HSM: it carries domain tokens between the HSM and the store. */
export interface Domain {
  /** Use this HSM: it follows rotations of the domain key by other processes on the same store. */
  readonly hsm: Hsm
  /** A token for material that is known outside: for seeds and tests. The caller zeroes the material. */
  readonly plant: EmbeddedHsm['plant']
  /** The domain of a token sealed under another root, for backups. Changes nothing. */
  readonly reseal: EmbeddedHsm['resealDomain']
  /** Makes a new domain key active; every token of the store moves under it in the same transaction. */
  rotate(): Promise<DomainStatus>
  /** As `rotate` where the active key has served its time; answers whether it had. */
  rotateIfDue(): Promise<boolean>
  /** When the next rotation is due, in milliseconds since 1970. */
  nextRotation(): Promise<number>
  status(): Promise<DomainStatus>
}

export interface DomainOptions {
  readonly store: Store
  /** Where the root key is. It is made only where the store holds no domain yet. */
  readonly rootKey: RootKeySource
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** How long a domain key is active, in milliseconds: one day unless said, one hour to seven days. */
  readonly rotationPeriod?: number
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Commands whose answer holds a token, which should be under the newest domain key. */
const MAKES_TOKENS: ReadonlySet<CommandName> = new Set([
  'createBackingKey',
  'createImportParameters',
  'importKeyMaterial',
])

/**
 * Opens the domain of a store, or founds it where the store has none. Where several processes come at once, one founds it
 * and the others open that one. Fails with the `HsmError`s `rootMissing`, `rootUnsafe`, `rootDamaged` or `wrongRoot` where
 * there is a domain and its root is not as it should be; then nothing was written, and no new root was made.
 */
export async function openDomain({ store, rootKey, now, rotationPeriod = DAY }: DomainOptions): Promise<Domain> {
  if (!(rotationPeriod >= HOUR && rotationPeriod <= 7 * DAY)) {
    throw new RangeError('the rotation period of the domain key must be one hour to seven days, in milliseconds')
  }
  const root = reached(await rootKey({ mayCreate: await isNew(store) }))
  const hsm = createHsm({ rootKey: root, now })
  const recordOf = (token: DomainToken): DomainRecord => ({
    version: token.version,
    token: Buffer.from(token.domain).toString('base64'),
    rotatedAt: now(),
    rotateAt: now() + rotationPeriod,
  })
  let installed = 0

  async function stored(): Promise<DomainRecord> {
    const entry = await store.get(domains, DOMAIN_ID)
    if (entry === undefined) throw lostDomain()
    return entry.record
  }
  /** Installs what the store holds, and answers whether that was new here. */
  async function follow(): Promise<boolean> {
    const { version, token } = await stored()
    if (version === installed) return false
    await hsm.execute('installDomain', { domain: Buffer.from(token, 'base64') })
    installed = version
    return true
  }

  if ((await store.get(domains, DOMAIN_ID)) === undefined) {
    await store.commit([insert(domains, recordOf(await hsm.execute('createDomain', {})))]).catch(unlessTaken)
  }
  await follow()

  const following: Hsm = {
    async execute(command, parameters) {
      if (MAKES_TOKENS.has(command)) await follow()
      try {
        return await hsm.execute(command, parameters)
      } catch (error) {
        const stale = error instanceof HsmError && error.code === 'unknownDomainKey' && (await follow())
        if (!stale) throw error
        return hsm.execute(command, parameters)
      }
    },
  }
  async function rotate(): Promise<DomainStatus> {
    await follow()
    await rotateDomain({ store, hsm, recordOf })
    await follow()
    return hsm.execute('domainStatus', {})
  }
  return {
    hsm: following,
    plant: hsm.plant,
    reseal: hsm.resealDomain,
    rotate,
    rotateIfDue: async () => {
      if ((await stored()).rotateAt > now()) return false
      await rotate()
      return true
    },
    nextRotation: async () => (await stored()).rotateAt,
    status: async () => {
      await follow()
      return hsm.execute('domainStatus', {})
    },
  }
}

/** Whether nothing has been founded on the store yet. One that holds key tokens and no domain is damaged: under a new domain none would open. */
export async function isNew(store: Store): Promise<boolean> {
  if ((await store.get(domains, DOMAIN_ID)) !== undefined) return false
  // Read in this order: whoever writes tokens has founded the domain before.
  const [token] = await store.list(materials, '', { limit: 1 })
  if (token === undefined || (await store.get(domains, DOMAIN_ID)) !== undefined) return token === undefined
  throw lostDomain()
}

function lostDomain(): HsmError {
  return new HsmError('noDomain', 'the store holds key tokens and has lost its domain: restore a backup')
}

/** Another process founded the domain first. */
function unlessTaken(error: unknown): void {
  if (!(error instanceof StoreError && error.code === 'exists')) throw error
}
