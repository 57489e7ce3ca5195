import { IV_LENGTH } from '@bongtu/crypto'
import { nodeEngine, scrypt } from '@bongtu/crypto/node'
import { TokenError } from '../token-error.ts'
import { decodeContents, encodeContents, type StoredKey } from './contents.ts'
import { damagedFile, headerOf, parseTokenFile, type SealKind, type TokenFile } from './layout.ts'

/** The work of scrypt (RFC 7914): 128·N·r bytes of memory, N = 2^log2N. */
export interface PassphraseCost {
  readonly log2N: number
  readonly r: number
  readonly p: number
}

/** 128 MiB of memory and some 0.3 s: N = 2^17, r = 8, p = 1. */
export const SCRYPT_COST: PassphraseCost = { log2N: 17, r: 8, p: 1 }

/** What a file may ask for: up to 1 GiB. More is refused before it is tried. */
const MIN_LOG2N = 14
const MAX_LOG2N = 20
const BLOCK_SIZE = 8
const MAX_P = 16

const KEY_LENGTH = 32
const SALT_LENGTH = 32
export const MIN_PASSPHRASE_LENGTH = 8

/** The passphrase as bytes, which are not kept: whoever gives them gives copies. */
export type Passphrase = () => Promise<Uint8Array>

/** What a file is sealed with, from one change of it to the next. Holds no key in clear. */
export interface Seal {
  seal(keys: readonly StoredKey[]): Uint8Array
}

/** A seal for a new file: by passphrase, or by the permissions of the file alone. */
export async function newSeal(passphrase: Passphrase | undefined, cost: PassphraseCost): Promise<Seal> {
  if (passphrase === undefined) {
    const key = nodeEngine.random(KEY_LENGTH)
    return sealOf('permissions', key, key)
  }
  const { log2N, r, p } = checkedCost(cost)
  const details = Uint8Array.of(log2N, r, p >> 8, p & 0xff, ...nodeEngine.random(SALT_LENGTH))
  return sealOf('passphrase', details, await derive(await passphrase(), details, cost))
}

/** The keys of a file, and what seals its next version. Throws `wrongPassphrase`, `damagedFile`. */
export async function openSeal(
  path: string,
  bytes: Uint8Array,
  passphrase: Passphrase | undefined,
): Promise<{ readonly keys: StoredKey[]; readonly seal: Seal }> {
  const file = parseTokenFile(path, bytes)
  const key = await keyOf(path, file, passphrase)
  try {
    const contents = nodeEngine.aesGcm(key).open(file.iv, file.sealed, file.header)
    if (contents === null) {
      if (file.kind === 'permissions') throw damagedFile(path)
      throw new TokenError('wrongPassphrase', `${path} does not open: the passphrase is wrong, or the file was altered`)
    }
    const keys = decodeContents(contents)
    contents.fill(0)
    if (keys === null) throw damagedFile(path)
    return { keys, seal: sealOf(file.kind, file.details.slice(), key.slice()) }
  } finally {
    key.fill(0)
  }
}

async function keyOf(
  path: string,
  { kind, details }: TokenFile,
  passphrase: Passphrase | undefined,
): Promise<Uint8Array> {
  if (kind === 'permissions') {
    if (passphrase === undefined) return details.slice()
    // Else whoever can put a file in its place would choose the keys, and the passphrase would keep nobody from it.
    throw new TokenError(
      'wrongPassphrase',
      `${path} is sealed by its permissions alone, and a passphrase was given: open it without one, if that is meant`,
    )
  }
  if (passphrase === undefined) {
    throw new TokenError('wrongPassphrase', `${path} is sealed by a passphrase, and none was given`)
  }
  const [log2N = 0, r = 0, high = 0, low = 0] = details
  const cost = { log2N, r, p: (high << 8) | low }
  if (!isBounded(cost)) throw damagedFile(path)
  return derive(await passphrase(), details, cost)
}

/** Takes the key, and zeroes it where the header does not hold it anyway. */
function sealOf(kind: SealKind, details: Uint8Array, key: Uint8Array): Seal {
  const header = headerOf(kind, details)
  const cipher = nodeEngine.aesGcm(key)
  key.fill(0)
  return {
    seal: (keys) => {
      const iv = nodeEngine.random(IV_LENGTH)
      const contents = encodeContents(keys)
      const sealed = cipher.seal(iv, contents, header)
      contents.fill(0)
      return Uint8Array.of(...header, ...iv, ...sealed)
    },
  }
}

/** Zeroes the passphrase. */
async function derive(
  passphrase: Uint8Array,
  details: Uint8Array,
  { log2N, r, p }: PassphraseCost,
): Promise<Uint8Array> {
  try {
    if (passphrase.length < MIN_PASSPHRASE_LENGTH) {
      throw new TokenError('wrongPassphrase', `a passphrase has at least ${MIN_PASSPHRASE_LENGTH} bytes`)
    }
    const N = 2 ** log2N
    const maxmem = 128 * N * r + 128 * r * p + 1_048_576
    return await scrypt(passphrase, details.subarray(details.length - SALT_LENGTH), { N, r, p, maxmem })
  } finally {
    passphrase.fill(0)
  }
}

function checkedCost(cost: PassphraseCost): PassphraseCost {
  if (isBounded(cost)) return cost
  throw new RangeError(`the cost of scrypt is N = 2^${MIN_LOG2N} … 2^${MAX_LOG2N}, r = ${BLOCK_SIZE}, p = 1 … ${MAX_P}`)
}

const isBounded = ({ log2N, r, p }: PassphraseCost): boolean =>
  Number.isInteger(log2N) && log2N >= MIN_LOG2N && log2N <= MAX_LOG2N && r === BLOCK_SIZE && p >= 1 && p <= MAX_P
