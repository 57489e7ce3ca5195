import type { SeedKey, SeedRotation } from './seed.ts'

/** The parts of a local-kms `seed.yaml` that are read. */
interface LocalKmsSeed {
  readonly Keys?: {
    readonly Symmetric?: { readonly Aes?: readonly LocalKmsKey[] }
    readonly Asymmetric?: unknown
  }
  readonly Aliases?: readonly { readonly AliasName: string; readonly TargetKeyId: string }[]
}

interface LocalKmsKey {
  readonly Metadata?: {
    readonly KeyId?: string
    readonly Description?: string
    readonly Origin?: 'AWS_KMS' | 'EXTERNAL'
    readonly CreationDate?: string
  }
  /** The oldest first, as hex. */
  readonly BackingKeys?: readonly string[]
  readonly NextKeyRotation?: unknown
}

const YEARLY = 365
const EPOCH = '1970-01-01T00:00:00Z'

export function isLocalKmsSeed(document: unknown): document is LocalKmsSeed {
  return typeof document === 'object' && document !== null && ('Keys' in document || 'Aliases' in document)
}

/** The same keys and aliases in the form of our own seed. Throws a TypeError for asymmetric keys, and for what is no list. */
export function readLocalKmsSeed({ Keys, Aliases = [] }: LocalKmsSeed): unknown {
  if (Keys?.Asymmetric !== undefined && Keys.Asymmetric !== null) {
    throw new TypeError('Keys.Asymmetric: only symmetric encryption keys can be seeded')
  }
  return {
    keys: listed(Keys?.Symmetric?.Aes ?? [], 'Keys.Symmetric.Aes').map(readKey),
    aliases: listed(Aliases, 'Aliases').map(({ AliasName, TargetKeyId }) => ({ name: AliasName, key: TargetKeyId })),
  }
}

function readKey({ Metadata = {}, BackingKeys = [], NextKeyRotation }: LocalKmsKey): Partial<SeedKey> {
  const [material, ...later] = listed(BackingKeys, 'BackingKeys')
  const rotations: SeedRotation[] = later.map((one) => ({ date: Metadata.CreationDate ?? EPOCH, material: one }))
  const given: Partial<Record<keyof SeedKey, unknown>> = {
    id: Metadata.KeyId,
    description: Metadata.Description,
    origin: Metadata.Origin,
    createdAt: Metadata.CreationDate,
    material,
    rotations: rotations.length === 0 ? undefined : rotations,
    rotation: NextKeyRotation == null || Metadata.Origin === 'EXTERNAL' ? undefined : YEARLY,
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null))
}

/** What stands in the file may be anything. */
function listed<T>(value: readonly T[], name: string): readonly T[] {
  if (Array.isArray(value) && !value.includes(null as T)) return value
  throw new TypeError(`${name} is not a list`)
}
