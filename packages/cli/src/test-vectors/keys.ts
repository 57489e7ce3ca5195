import { refused } from '../failure.ts'
import { array, type JsonObject, object, text } from './json.ts'
import type { SeededKms } from './seeded-kms.ts'

/** An entry of a keys manifest that a raw keyring can be made of. */
export interface RawKey {
  /** How it is called in encrypted data keys. */
  readonly name: string
  readonly material: { readonly aes: Uint8Array } | { readonly publicPem: string } | { readonly privatePem: string }
}

/** An entry that names a key of AWS KMS. */
export interface KmsKey {
  readonly arn: string
}

/** The keys of a manifest by their name in it; entries of other kinds stand as the name of their type. */
export type KeyTable = ReadonlyMap<string, RawKey | KmsKey | string>

/** All that the keyrings of test vectors are made of. */
export interface VectorKeys {
  readonly table: KeyTable
  /** Stands for AWS KMS; `null` where nothing does. */
  readonly kms: SeededKms | null
}

/** Reads a keys manifest, versions 1 to 3. Throws a failure where it is none. */
export function keyTable(name: string, manifest: JsonObject): KeyTable {
  const { type, version } = object(manifest.manifest, `${name}: manifest`)
  if (type !== 'keys' || typeof version !== 'number' || version < 1 || version > 3) {
    throw refused(`${name}: is no keys manifest of version 1, 2 or 3`)
  }
  return new Map(
    Object.entries(object(manifest.keys, `${name}: keys`)).map(([key, entry]) => [
      key,
      keyEntry(key, object(entry, `${name}: keys.${key}`)),
    ]),
  )
}

type Material = (text: string) => RawKey['material']

const materials: Readonly<Record<string, Material>> = {
  symmetric: (base64) => ({ aes: Uint8Array.from(Buffer.from(base64, 'base64')) }),
  public: (publicPem) => ({ publicPem }),
  private: (privatePem) => ({ privatePem }),
}

function keyEntry(key: string, entry: JsonObject): RawKey | KmsKey | string {
  const type = text(entry.type, `keys.${key}.type`)
  if (type === 'aws-kms' && typeof entry['key-id'] === 'string') return { arn: entry['key-id'] }
  const material = Object.hasOwn(materials, type) ? materials[type] : undefined
  if (material === undefined) return type
  // Version 1 has no key ids: there the name in the manifest is the name of the key.
  return {
    name: typeof entry['key-id'] === 'string' ? entry['key-id'] : key,
    material: material(materialText(key, entry)),
  }
}

/** Version 1 holds the material in lines. */
function materialText(key: string, entry: JsonObject): string {
  if (!Array.isArray(entry.material)) return text(entry.material, `keys.${key}.material`)
  const separator = text(entry['line-separator'], `keys.${key}.line-separator`)
  return array(entry.material, `keys.${key}.material`)
    .map((line) => text(line, `keys.${key}.material`))
    .join(separator)
}

/** The private key to a public one: manifests name `rsa-…-public` where only `rsa-…-private` decrypts. */
export function privateKeyOf(
  keys: KeyTable,
  publicKey: string,
): { readonly name: string; readonly privatePem: string } | null {
  const found = keys.get(publicKey.replace(/-public$/, '-private'))
  if (found === undefined || typeof found === 'string' || 'arn' in found || !('privatePem' in found.material))
    return null
  return { name: found.name, privatePem: found.material.privatePem }
}
