import { IV_LENGTH, TAG_LENGTH } from '@bongtu/crypto'
import { generateRsaKeyPair, nodeEngine } from '@bongtu/crypto/node'
import { concat, toHex } from './bytes.ts'
import { checkBytes, rowNamed } from './check.ts'
import { type DomainKeys, domainKeyNamed } from './domain-keys.ts'
import { HsmError } from './errors.ts'
import { encodeKeyName } from './key-name.ts'
import type { CommandAnswer, CommandParameters, KeyName } from './port.ts'
import { algorithmOfCode, WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS, type WrappingAlgorithmRow } from './wrapping.ts'

/**
 * An import token, byte by byte: the private half of the RSA key that material is to be wrapped under.
 *
 *     offset  length
 *          0       1  01, the version of this layout
 *          1       1  02, a wrapping key
 *          2       1  wrapping algorithm: 01 OAEP_SHA_1, 02 OAEP_SHA_256, 03 RSA_AES_SHA_1, 04 RSA_AES_SHA_256
 *          3      16  id of the domain key
 *         19       8  valid to, milliseconds since 1970, big endian
 *         27      12  initialisation vector, random
 *         39    … +16  AES-256-GCM under the domain key: PKCS #8 and tag
 *
 * The additional data is the first 27 bytes, then the encoded key name, which the token does not hold: it opens for the key
 * that it was made for, and names none.
 */
const VERSION = 1
const KIND = 2
const DOMAIN_KEY_ID_AT = 3
const VALID_TO_AT = 19
const IV_AT = 27
const CONTENT_AT = IV_AT + IV_LENGTH
const MAX_TOKEN_LENGTH = 6144
const VALIDITY = 24 * 60 * 60 * 1000

export interface WrappingKey {
  readonly algorithm: WrappingAlgorithmRow
  /** PKCS #8 in clear. Whoever opened it zeroes it. */
  readonly privateKey: Uint8Array
}

export async function createImportParameters(
  keysNow: () => DomainKeys,
  { key, wrappingAlgorithm, wrappingKeySpec }: CommandParameters<'createImportParameters'>,
  now: () => number,
): Promise<CommandAnswer<'createImportParameters'>> {
  const { code } = rowNamed(WRAPPING_ALGORITHMS, 'wrapping algorithm', wrappingAlgorithm)
  const bits = rowNamed(WRAPPING_KEY_SPECS, 'wrapping key spec', wrappingKeySpec)
  const name = encodeKeyName(key)
  const { publicKeyDer, privateKeyDer } = await generateRsaKeyPair(bits)
  // The domain may have rotated while the key pair was made.
  const { active } = keysNow()
  const validTo = now() + VALIDITY
  const header = concat(Uint8Array.of(VERSION, KIND, code), active.id, new Uint8Array(8))
  new DataView(header.buffer).setBigUint64(VALID_TO_AT, BigInt(validTo))
  const iv = nodeEngine.random(IV_LENGTH)
  const sealed = active.cipher.seal(iv, privateKeyDer, concat(header, name))
  privateKeyDer.fill(0)
  return { publicKey: publicKeyDer, importToken: concat(header, iv, sealed), validTo }
}

/** `expiredImportToken` only where the token is genuine, `unknownDomainKey` also where its domain key left; else `invalidImportToken`. */
export function openImportToken(keys: DomainKeys, key: KeyName, token: Uint8Array, now: number): WrappingKey {
  checkBytes('importToken', token, 1, MAX_TOKEN_LENGTH)
  const algorithm = algorithmOfCode(token[2])
  if (token.length <= CONTENT_AT + TAG_LENGTH || token[0] !== VERSION || token[1] !== KIND || algorithm === undefined) {
    throw invalidImportToken()
  }
  const domainKey = domainKeyNamed(keys, toHex(token.subarray(DOMAIN_KEY_ID_AT, VALID_TO_AT)))
  const aad = concat(token.subarray(0, IV_AT), encodeKeyName(key))
  const privateKey = domainKey.cipher.open(token.subarray(IV_AT, CONTENT_AT), token.subarray(CONTENT_AT), aad)
  if (privateKey === null) throw invalidImportToken()
  if (now > Number(new DataView(token.buffer, token.byteOffset).getBigUint64(VALID_TO_AT))) {
    privateKey.fill(0)
    throw new HsmError('expiredImportToken', 'the import token has expired: get new parameters for import')
  }
  return { algorithm, privateKey }
}

function invalidImportToken(): HsmError {
  return new HsmError(
    'invalidImportToken',
    'the import token was altered, or made for another key: get new parameters for import of this key',
  )
}
