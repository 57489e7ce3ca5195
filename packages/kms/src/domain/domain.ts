import { createHsm, type EmbeddedHsm, type RootKeySource, reached } from '../hsm/factory.ts'
import {
  type CommandAnswer,
  type CommandName,
  type CommandParameters,
  type DomainStatus,
  type DomainToken,
  type Hsm,
  HsmError,
} from '../hsm/port.ts'
import { insert } from '../store/kind.ts'
import { materials } from '../store/material.ts'
import { type Entry, type Store, StoreError } from '../store/store.ts'
import type { Transaction } from '../store/transact.ts'
import { DOMAIN_ID, type DomainRecord, domains } from './domain-record.ts'
import { examineAll } from './examine.ts'
import { type BackupToRead, putBack } from './put-back.ts'
import { giveUp, keyOfToken, type QuarantinedToken } from './quarantine.ts'
import { type InstalledEntry, rewrapAll } from './rewrap.ts'
import { rotateDomain } from './rotate-domain.ts'

/** Commands that make key tokens. They are reached through `tokensFor` alone. */
type TokenCommand = 'createBackingKey' | 'importKeyMaterial'

/** Makes key tokens for one transaction to store. */
export interface TokenMaker {
  execute<C extends TokenCommand>(command: C, parameters: CommandParameters<C>): Promise<CommandAnswer<C>>
  /** A token for material that is known outside: for seeds and tests. The caller zeroes the material. */
  readonly plant: EmbeddedHsm['plant']
}

/** The HSM for everything that makes no token to be stored. */
export interface ServingHsm {
  execute<C extends Exclude<CommandName, TokenCommand>>(
    command: C,
    parameters: CommandParameters<C>,
  ): Promise<CommandAnswer<C>>
}

/** The host's side of the HSM: it carries domain tokens between the HSM and the store. */
export interface Domain {
  /** Use this HSM: it follows rotations of the domain key by other processes on the same store. */
  readonly hsm: ServingHsm
  /**
   * Ties the transaction to the domain as it is now: its commit fails, and its body runs again, if the domain key is rotated
   * meanwhile. So every stored token is under the domain key that was active when it was stored, and that key stays in the
   * ring for as long as the token is under it.
   */
  tokensFor(transaction: Transaction): Promise<TokenMaker>
  /** The domain of a token sealed under another root, for backups. Changes nothing. */
  readonly reseal: EmbeddedHsm['resealDomain']
  /** Makes a new domain key active, and moves every token under it. HsmError `ringFull` if no domain key may leave. */
  rotate(): Promise<DomainStatus>
  /** As `rotate` if the active key has served its time and the ring has room. Returns whether it rotated. */
  rotateIfDue(): Promise<boolean>
  /** Moves the tokens that are not under the active domain key. Tokens that do not open are skipped and listed. */
  rewrap(): Promise<readonly QuarantinedToken[]>
  /** As `rewrap`, and opens every other token too. */
  examine(): Promise<readonly QuarantinedToken[]>
  /** Examines all, puts back what does not open and a backup has, and returns the ids of what it put back. */
  putBack(from: BackupToRead): Promise<readonly string[]>
  /** Examines all, and lets the domain keys above the unreadable tokens of one key leave. Returns how many tokens those are. */
  giveUp(isOfKey: (key: ReturnType<typeof keyOfToken>) => boolean): Promise<number>
  /** Tokens that did not open on the last walk of this process. */
  quarantine(): readonly QuarantinedToken[]
  /** Whether the last rotation was put off because no domain key may leave the full ring. */
  isFull(): boolean
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
  /** How long a domain key is active, in milliseconds: one day by default, one hour to seven days. */
  readonly rotationPeriod?: number
  /** Gets what an operator must know: a token that does not open, once per token, and a ring that is full, once. */
  readonly report?: (trouble: Error) => void
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** While the ring is full, rotation is tried again after so many milliseconds. */
const RETRY = 60_000

/**
 * Opens the domain of a store, or founds it where the store has none. Where several processes come at once, one founds it
 * and the others open that one. Fails with the `HsmError`s `rootMissing`, `rootUnsafe`, `rootDamaged` or `wrongRoot` where
 * there is a domain and its root is not as it should be; then nothing was written, and no new root was made.
 */
export async function openDomain(options: DomainOptions): Promise<Domain> {
  const { store, rootKey, now, rotationPeriod = DAY, report = () => {} } = options
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
  let installed = { version: 0, active: '' }
  let blockedUntil = 0
  let walk: Promise<unknown> = Promise.resolve()
  let quarantined: readonly QuarantinedToken[] = []
  const reported = new Set<string>()

  async function stored(): Promise<Entry<DomainRecord>> {
    const entry = await store.get(domains, DOMAIN_ID)
    if (entry === undefined) throw lostDomain()
    return entry
  }
  /** Installs what the store holds, and returns whether that was new here. */
  async function follow(): Promise<boolean> {
    const { version, token } = (await stored()).record
    if (version === installed.version) return false
    try {
      const { domainKeys } = await hsm.execute('installDomain', { domain: Buffer.from(token, 'base64') })
      installed = { version, active: domainKeys[0]?.id ?? '' }
    } catch (error) {
      // Another call of this process read a later domain, and was faster.
      if (!(error instanceof HsmError && error.code === 'olderDomain')) throw error
    }
    return true
  }
  /** The domain of the store, which the HSM has then installed. */
  async function install(): Promise<InstalledEntry> {
    for (;;) {
      await follow()
      const entry = await stored()
      if (entry.record.version === installed.version) return { entry, active: installed.active }
    }
  }
  function reportOnce(subject: string, trouble: Error): void {
    if (!reported.has(subject)) report(trouble)
    reported.add(subject)
  }

  await store.reindex(materials)
  if ((await store.get(domains, DOMAIN_ID)) === undefined) {
    await store.commit([insert(domains, recordOf(await hsm.execute('createDomain', {})))]).catch(unlessTaken)
  }
  await follow()

  const following: Hsm = {
    async execute(command, parameters) {
      if (command === 'createImportParameters') await follow()
      try {
        return await hsm.execute(command, parameters)
      } catch (error) {
        const stale = error instanceof HsmError && error.code === 'unknownDomainKey' && (await follow())
        if (!stale) throw error
        return hsm.execute(command, parameters)
      }
    },
  }
  async function walkNow(walkAll: typeof rewrapAll): Promise<readonly QuarantinedToken[]> {
    quarantined = await walkAll({ store, hsm, install })
    for (const token of quarantined) reportOnce(token.id, unreadable(token))
    return quarantined
  }
  /** One walk at a time. A walk under way may have begun before the last rotation, so it does not count. */
  function walked(walkAll: typeof rewrapAll): Promise<readonly QuarantinedToken[]> {
    const next = walk.then(() => walkNow(walkAll))
    walk = next.catch(() => {})
    return next
  }
  const rewrap = () => walked(rewrapAll)
  const examine = () => walked(examineAll)
  async function rotate(): Promise<DomainStatus> {
    await rotateDomain({ store, hsm, install, recordOf })
    await follow()
    blockedUntil = 0
    await rewrap()
    return hsm.execute('domainStatus', {})
  }
  return {
    hsm: following,
    tokensFor: async (transaction) => {
      if ((await transaction.get(domains, DOMAIN_ID)) === undefined) throw lostDomain()
      // What is installed now is that domain or a later one, and with a later one the commit fails.
      await follow()
      return { execute: following.execute, plant: hsm.plant }
    },
    reseal: hsm.resealDomain,
    rotate,
    rotateIfDue: async () => {
      if ((await stored()).record.rotateAt > now() || blockedUntil > now()) return false
      try {
        await rotate()
        return true
      } catch (error) {
        if (!(error instanceof HsmError && error.code === 'ringFull')) throw error
        blockedUntil = now() + RETRY
        await rewrap()
        reportOnce('ring', new HsmError('ringFull', `${error.message}${reasons(quarantined)}`))
        return false
      }
    },
    rewrap,
    examine,
    putBack: async (from) => {
      const done = await putBack({ store, hsm, install, root, now, ...from }, await examine())
      await examine()
      return done
    },
    giveUp: async (isOfKey) => {
      const given = (await examine()).filter(({ id }) => isOfKey(keyOfToken(id)))
      for (const { id } of given) await giveUp(store, id)
      return given.length
    },
    quarantine: () => quarantined,
    isFull: () => blockedUntil > 0,
    nextRotation: async () => Math.max((await stored()).record.rotateAt, blockedUntil),
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

const MOST_NAMED = 10

/** Which tokens keep their domain keys in the ring, for the log. */
function reasons(quarantined: readonly QuarantinedToken[]): string {
  const named = quarantined.slice(0, MOST_NAMED).map(({ id, domainKey }) => `${id} under ${domainKey}`)
  const more = quarantined.length > MOST_NAMED ? ` and ${quarantined.length - MOST_NAMED} more` : ''
  return `: the domain key is not rotated until these open or are given up: ${named.join(', ')}${more}`
}

function unreadable({ id, domainKey, reason }: QuarantinedToken): HsmError {
  const what = `a key token of the key ${id.slice(0, id.lastIndexOf('/'))} under the domain key ${domainKey} does not open`
  return new HsmError('invalidToken', `${what} (${reason}): it is kept as it is; run bongtu kms doctor`)
}

function lostDomain(): HsmError {
  return new HsmError('noDomain', 'the store holds key tokens and has lost its domain: restore a backup')
}

/** Another process founded the domain first. */
function unlessTaken(error: unknown): void {
  if (!(error instanceof StoreError && error.code === 'exists')) throw error
}
