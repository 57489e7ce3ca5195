import type { RsaPadding } from '@bongtu/crypto'
import { awsKms, awsKmsMrk } from '@bongtu/keyrings/aws-kms'
import { rawAes } from '@bongtu/keyrings/raw-aes'
import { rawRsa } from '@bongtu/keyrings/raw-rsa'
import { BongtuError } from '@bongtu/message-format'
import { refused } from '../failure.ts'
import type { CaseKeys } from './case.ts'
import { array, type JsonObject, object, text } from './json.ts'
import { privateKeyOf, type VectorKeys } from './keys.ts'
import { kmsDiscoveryKeyring, kmsKeyring } from './kms-case-keys.ts'

export type Reader = (description: JsonObject, keys: VectorKeys) => CaseKeys

const missing =
  (reason: string): Reader =>
  () => ({ keyrings: [], missing: [reason] })

/** The error says what to do about it at length; here it would be said of hundreds of vectors. */
const NEEDS_PKCS1 = 'needs a Node that decrypts RSA with PKCS #1 v1.5 padding, as Node 24 does'
const needsKms = missing('needs AWS KMS')

/** Every type of key description, and what is made of it. */
const readers: Readonly<Record<string, Reader>> = {
  raw: rawKeyring,
  'multi-keyring': ({ generator, childKeyrings = [] }, keys) =>
    keysOfAll([...(generator === undefined ? [] : [generator]), ...array(childKeyrings, 'childKeyrings')], keys),
  'required-encryption-context-cmm': underlying,
  'caching-cmm': underlying,
  'aws-kms': kmsKeyring(awsKms),
  'aws-kms-mrk-aware': kmsKeyring(awsKmsMrk),
  'aws-kms-mrk-aware-discovery': kmsDiscoveryKeyring,
  'aws-kms-rsa': needsKms,
  'aws-kms-ecdh': needsKms,
  'aws-kms-hierarchy': missing('needs a branch key store'),
  'raw-ecdh': missing('needs a raw ECDH keyring'),
}

/** The keyrings of a key description; why there is none, where there cannot be one here. Throws a failure for a broken one. */
export function keysOf(value: unknown, keys: VectorKeys): CaseKeys {
  const description = object(value, 'a key description')
  const type = text(description.type, 'the type of a key description')
  const reader = Object.hasOwn(readers, type) ? readers[type] : undefined
  return reader?.(description, keys) ?? { keyrings: [], missing: [`key type ${type} is not known`] }
}

export function keysOfAll(descriptions: readonly unknown[], keys: VectorKeys): CaseKeys {
  const all = descriptions.map((description) => keysOf(description, keys))
  return { keyrings: all.flatMap(({ keyrings }) => keyrings), missing: all.flatMap((one) => one.missing) }
}

function underlying(description: JsonObject, keys: VectorKeys): CaseKeys {
  return keysOf(description.underlying, keys)
}

function rawKeyring(description: JsonObject, keys: VectorKeys): CaseKeys {
  const key = text(description.key, 'key')
  const namespace = text(description['provider-id'], 'provider-id')
  const entry = keys.table.get(key)
  if (entry === undefined) throw refused(`the keys manifest holds no ${key}`)
  if (typeof entry === 'string') return { keyrings: [], missing: [`${key} is of type ${entry}`] }
  if ('arn' in entry) throw refused(`${key} is a key of AWS KMS, and no raw one`)
  const { material, name } = entry
  if ('aes' in material) return { keyrings: [rawAes({ namespace, name, key: material.aes })], missing: [] }
  const padding = paddingOf(description)
  if ('privatePem' in material) return rsaKeyrings(namespace, [name], padding, material.privatePem)
  const partner = privateKeyOf(keys.table, key)
  if (partner === null) return { keyrings: [], missing: [`${key} is a public key, and the private one is not there`] }
  // The writer may have called the key by either half's name.
  return rsaKeyrings(namespace, [...new Set([name, partner.name])], padding, partner.privatePem)
}

function rsaKeyrings(namespace: string, names: readonly string[], padding: RsaPadding, privateKey: string): CaseKeys {
  try {
    return { keyrings: names.map((name) => rawRsa({ namespace, name, padding, privateKey })), missing: [] }
  } catch (error) {
    if (BongtuError.is(error, 'ERR_UNSUPPORTED')) return { keyrings: [], missing: [NEEDS_PKCS1] }
    throw error
  }
}

function paddingOf(description: JsonObject): RsaPadding {
  const algorithm = text(description['padding-algorithm'], 'padding-algorithm')
  const padding = algorithm === 'pkcs1' ? 'pkcs1' : `oaep-${text(description['padding-hash'], 'padding-hash')}`
  const known: readonly RsaPadding[] = ['oaep-sha1', 'oaep-sha256', 'oaep-sha384', 'oaep-sha512', 'pkcs1']
  const found = known.find((one) => one === padding)
  if (found === undefined) throw refused(`there is no RSA padding ${padding}`)
  return found
}
