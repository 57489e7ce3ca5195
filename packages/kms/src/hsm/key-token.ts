import { IV_LENGTH, TAG_LENGTH } from '@bongtu/crypto'
import { nodeEngine } from '@bongtu/crypto/node'
import { concat, toHex } from './bytes.ts'
import { checkBytes, rowNamed } from './check.ts'
import { deriveBackingKeyId } from './derive.ts'
import { type DomainKeys, domainKeyNamed } from './domain-keys.ts'
import { HsmError } from './errors.ts'
import { encodeKeyName, endOfKeyName } from './key-name.ts'
import type { BackingKeyRef, ExportedBackingKey, KeyName, KeySpec } from './port.ts'
import { SPECS, specOfCode } from './specs.ts'

/**
 * An exported key token (EKT), byte by byte: a backing key as it is held outside the HSM.
 *
 *     offset  length
 *          0       1  01, the version of this layout
 *          1       1  01, a backing key
 *          2       1  spec: 01 SYMMETRIC_DEFAULT
 *          3      16  id of the domain key
 *         19      32  HBKID
 *         51     3+…  account, Region, key id: each one byte of length, then ASCII
 *                 12  initialisation vector, random
 *             32 +16  AES-256-GCM under the domain key: material and tag; all bytes before the vector are additional data
 */
const VERSION = 1
const KIND = 1
const DOMAIN_KEY_ID_AT = 3
const BACKING_KEY_ID_AT = 19
const KEY_NAME_AT = 51
const MAX_TOKEN_LENGTH = 8192

/** A backing key in clear. Whoever opened it zeroes the material. */
export interface BackingKey {
  readonly id: Uint8Array
  readonly specCode: number
  readonly material: Uint8Array
}

/** Wraps new material. The caller zeroes it. */
export function exportBackingKey(
  keys: DomainKeys,
  key: KeyName,
  spec: KeySpec,
  material: Uint8Array,
): ExportedBackingKey {
  const { code, materialLength } = rowNamed(SPECS, 'key spec', spec)
  if (material.length !== materialLength) {
    throw new HsmError('invalidMaterial', `the material of a ${spec} key must have ${materialLength} bytes`)
  }
  const id = deriveBackingKeyId(material, key)
  return { token: sealToken(keys, key, { id, specCode: code, material }), backingKeyId: toHex(id) }
}

/** `invalidToken` where the token was altered or belongs to another key, `unknownDomainKey` where the ring lacks its key. */
export function openToken(keys: DomainKeys, { key, token }: BackingKeyRef): BackingKey {
  checkBytes('token', token, 1, MAX_TOKEN_LENGTH)
  const name = encodeKeyName(key)
  const nameEnd = endOfKeyName(token, KEY_NAME_AT)
  const spec = specOfCode(token[2])
  if (token[0] !== VERSION || token[1] !== KIND || spec === undefined || nameEnd === null) throw invalidToken(key)
  if (token.length !== nameEnd + IV_LENGTH + spec.materialLength + TAG_LENGTH) throw invalidToken(key)
  if (!nodeEngine.equal(token.subarray(KEY_NAME_AT, nameEnd), name)) throw invalidToken(key)
  const domainKey = domainKeyNamed(keys, toHex(token.subarray(DOMAIN_KEY_ID_AT, BACKING_KEY_ID_AT)))
  const contentAt = nameEnd + IV_LENGTH
  const material = domainKey.cipher.open(
    token.subarray(nameEnd, contentAt),
    token.subarray(contentAt),
    token.subarray(0, nameEnd),
  )
  if (material === null) throw invalidToken(key)
  return { id: token.subarray(BACKING_KEY_ID_AT, KEY_NAME_AT), specCode: spec.code, material }
}

/** The id of the domain key that a token is under, as 32 hex digits, or `null` where the bytes are no token. Nothing is authenticated. */
export function domainKeyIdOf(token: Uint8Array): string | null {
  if (token.length < KEY_NAME_AT || token[0] !== VERSION || token[1] !== KIND) return null
  return toHex(token.subarray(DOMAIN_KEY_ID_AT, BACKING_KEY_ID_AT))
}

/** The HBKID in a token, as 64 hex digits, or `null` where the bytes are no token. Nothing is authenticated. */
export function tokenBackingKeyIdOf(token: Uint8Array): string | null {
  return domainKeyIdOf(token) === null ? null : toHex(token.subarray(BACKING_KEY_ID_AT, KEY_NAME_AT))
}

/** Opens the token for `use` and zeroes the material when that is done. */
export function withBackingKey<R>(keys: DomainKeys, ref: BackingKeyRef, use: (backingKey: BackingKey) => R): R {
  const backingKey = openToken(keys, ref)
  try {
    return use(backingKey)
  } finally {
    backingKey.material.fill(0)
  }
}

/** The token of an opened backing key under the active domain key. */
export function sealToken(keys: DomainKeys, key: KeyName, { id, specCode, material }: BackingKey): Uint8Array {
  const header = concat(Uint8Array.of(VERSION, KIND, specCode), keys.active.id, id, encodeKeyName(key))
  const iv = nodeEngine.random(IV_LENGTH)
  return concat(header, iv, keys.active.cipher.seal(iv, material, header))
}

function invalidToken({ region, keyId }: KeyName): HsmError {
  return new HsmError(
    'invalidToken',
    `the token is not an intact key token of the key ${keyId} in ${region}: it was altered, or it is another key's`,
  )
}
