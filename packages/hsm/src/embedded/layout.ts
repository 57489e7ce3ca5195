import { IV_LENGTH } from '@bongtu/crypto'
import { TokenError } from '../token-error.ts'

/**
 * The file of an embedded token.
 *
 *     offset  length
 *          0      15  "bongtu token 1\n"
 *         15       1  kind of seal: 01 the permissions of the file, 02 a passphrase by scrypt
 *         16       …  01: the sealing key itself, 32 bytes
 *                     02: log2 N (1), r (1), p (2, big endian), salt (32); the key is scrypt(passphrase, salt), 32 bytes
 *          …      12  initialisation vector, random, fresh with every change
 *          …      16+ AES-256-GCM under the sealing key: the keys (`contents.ts`) and tag; all before is additional data
 */
const MAGIC = new TextEncoder().encode('bongtu token 1\n')
const KINDS = { permissions: 1, passphrase: 2 } as const
const DETAILS_LENGTHS = { permissions: 32, passphrase: 36 } as const

export type SealKind = keyof typeof KINDS

/** The longest file that is read. */
export const MAX_FILE_LENGTH = 1_048_576

export interface TokenFile {
  readonly kind: SealKind
  readonly details: Uint8Array
  /** All that stands before the initialisation vector. */
  readonly header: Uint8Array
  readonly iv: Uint8Array
  readonly sealed: Uint8Array
}

export function headerOf(kind: SealKind, details: Uint8Array): Uint8Array {
  return Uint8Array.of(...MAGIC, KINDS[kind], ...details)
}

/** The parts of a token file as views of it. Throws `damagedFile` where it is none. */
export function parseTokenFile(path: string, file: Uint8Array): TokenFile {
  const kind = (Object.keys(KINDS) as SealKind[]).find((each) => KINDS[each] === file[MAGIC.length])
  const isOurs = MAGIC.every((byte, at) => byte === file[at])
  if (!isOurs || kind === undefined || file.length > MAX_FILE_LENGTH) throw damagedFile(path)
  const ivAt = MAGIC.length + 1 + DETAILS_LENGTHS[kind]
  const sealedAt = ivAt + IV_LENGTH
  if (file.length < sealedAt) throw damagedFile(path)
  return {
    kind,
    details: file.subarray(MAGIC.length + 1, ivAt),
    header: file.subarray(0, ivAt),
    iv: file.subarray(ivAt, sealedAt),
    sealed: file.subarray(sealedAt),
  }
}

export const damagedFile = (path: string): TokenError =>
  new TokenError('damagedFile', `${path} is no embedded token, or it was altered: bring back a copy of it`)
