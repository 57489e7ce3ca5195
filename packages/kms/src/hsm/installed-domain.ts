import { toHex } from './bytes.ts'
import { checkBytes, checkCount } from './check.ts'
import type { DomainKeys } from './domain-keys.ts'
import { HsmError } from './errors.ts'
import { newRing, openRing, ringVersion, rotatedRing } from './key-ring.ts'
import { sealToken, withBackingKey } from './key-token.ts'
import type {
  BackingKeyRef,
  CommandAnswer,
  CommandParameters,
  DomainStatus,
  DomainToken,
  RewrappedToken,
} from './port.ts'
import type { RootKey } from './root-key/root-key.ts'

const MAX_DOMAIN_TOKEN_LENGTH = 4096
const MAX_TOKENS = 1000

/** The domain that an HSM holds: the only state that it has. */
export interface InstalledDomain {
  /** The keys, or `noDomain`. */
  keys(): DomainKeys
  status(): DomainStatus
  create(): Promise<DomainToken>
  rotate(parameters: CommandParameters<'rotateDomainKey'>): Promise<DomainToken>
  install(domain: Uint8Array): Promise<DomainStatus>
  rewrap(parameters: CommandParameters<'rewrapTokens'>): Promise<CommandAnswer<'rewrapTokens'>>
  reseal(domain: Uint8Array, other: RootKey): Promise<DomainToken>
}

/**
 * Between commands the ring is in memory only as ciphers. Its bytes appear while the root key seals or opens them, and are
 * zeroed at once.
 */
export function emptyDomain(rootKey: RootKey, now: () => number): InstalledDomain {
  let installed: { readonly keys: DomainKeys; readonly token: Uint8Array } | undefined

  function current(): { readonly keys: DomainKeys; readonly token: Uint8Array } {
    if (installed === undefined) throw new HsmError('noDomain', 'no domain is installed in this HSM: install one first')
    return installed
  }
  async function seal(root: RootKey, ring: Uint8Array): Promise<DomainToken> {
    const version = ringVersion(ring)
    return { domain: await root.seal(ring), version }
  }

  return {
    keys: () => current().keys,
    status: () => statusOf(current().keys),
    create: () => using(newRing(now()), (ring) => seal(rootKey, ring)),
    rotate: async ({ leaving }) =>
      using(await rootKey.open(current().token), (ring) =>
        using(rotatedRing(ring, leaving, now()), (next) => seal(rootKey, next)),
      ),
    install: async (domain) => {
      const keys = await opened(rootKey, domain)
      if (installed !== undefined && keys.version < installed.keys.version) {
        throw new HsmError(
          'olderDomain',
          `version ${keys.version} of the domain is older than version ${installed.keys.version}, which is installed`,
        )
      }
      installed = { keys, token: domain.slice() }
      return statusOf(keys)
    },
    rewrap: async ({ from, tokens }) => {
      checkCount('the number of tokens', tokens.length, MAX_TOKENS)
      const source = from === undefined ? current().keys : await opened(rootKey, from)
      const { keys } = current()
      return { tokens: tokens.map((ref) => rewrapped(source, keys, ref)) }
    },
    reseal: async (domain, other) => using(await rootKey.open(domain), (ring) => seal(other, ring)),
  }
}

async function opened(rootKey: RootKey, domain: Uint8Array): Promise<DomainKeys> {
  checkBytes('domain', domain, 1, MAX_DOMAIN_TOKEN_LENGTH)
  return using(await rootKey.open(domain), async (ring) => openRing(ring))
}

async function using<R>(secret: Uint8Array, use: (secret: Uint8Array) => Promise<R>): Promise<R> {
  try {
    return await use(secret)
  } finally {
    secret.fill(0)
  }
}

function rewrapped(source: DomainKeys, keys: DomainKeys, ref: BackingKeyRef): RewrappedToken {
  try {
    return { token: withBackingKey(source, ref, (key) => sealToken(keys, ref.key, key)) }
  } catch (error) {
    if (!(error instanceof HsmError)) throw error
    return { refused: error.code === 'unknownDomainKey' ? 'unknownDomainKey' : 'invalidToken' }
  }
}

function statusOf({ version, byId }: DomainKeys): DomainStatus {
  return {
    version,
    domainKeys: [...byId.values()].map(({ id, createdAt }) => ({ id: toHex(id), createdAt })),
  }
}
