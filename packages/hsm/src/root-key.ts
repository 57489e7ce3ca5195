import { IV_LENGTH, TAG_LENGTH } from '@bongtu/crypto'
import { nodeEngine } from '@bongtu/crypto/node'
import type { SealedBytes, Token, TokenKey } from './token.ts'
import { TokenError } from './token-error.ts'

/** What a KMS of `@bongtu/kms` stands on, by shape: it seals the ring of its domain keys and never shows the key. */
export interface TokenRoot {
  seal(ring: Uint8Array): Promise<Uint8Array>
  open(sealed: Uint8Array): Promise<Uint8Array>
}

export type TokenRootSource = (options: { readonly mayCreate: boolean }) => Promise<TokenRoot>

/**
 * A ring sealed by a key in a token, as `@bongtu/kms` lays out the rings of its other roots:
 *
 *     offset  length
 *          0       1  01, the version of the layout
 *          1       1  03, the kind of root
 *          2     1+n  length and bytes of the key's id in the token
 *          …      12  initialisation vector
 *          …     16+  AES-GCM in the token: the ring and tag; all before the vector is additional data
 *
 * The id tells which key it is where several have the label: two processes that found a KMS at once make one each, and the
 * ring that the store takes decides.
 */
const VERSION = 1
const KIND = 3
const ID_AT = 3
const MAX_ID_LENGTH = 255
const PROBE = Uint8Array.from({ length: 16 }, (_, at) => at)

/**
 * The root key of a KMS in a token: the AES key labelled `label`, made there where it is missing and the KMS may still be
 * founded. Rings are sealed and opened in the token; the key is never in this process. Fails with the `TokenError`s of the
 * token, among them `unavailable` while the token is gone. That a ring belongs to another root is said only where the token
 * shows it: with `noSuchKey` where the label is that of other keys alone, and with `authenticationFailed` where the key opens
 * what it seals at that moment, and not the ring.
 */
export function tokenRootKey(token: Token, label: string): TokenRootSource {
  return async ({ mayCreate }) => {
    const known = await find(token, label)
    if (known === undefined && !mayCreate) throw missingRoot(token, label)
    const key = known ?? (await make(token, label))
    if (key.id.length <= MAX_ID_LENGTH) return rootOf(token, key)
    throw new TokenError('unsupported', `the id of the root key in ${token.name} is longer than ${MAX_ID_LENGTH} bytes`)
  }
}

const find = async (token: Token, label: string): Promise<TokenKey | undefined> =>
  (await token.keys()).find((key) => key.kind === 'aes' && key.label === label)

/** Or finds one of whoever founds the same KMS, and was first or came at the same time. */
async function make(token: Token, label: string): Promise<TokenKey> {
  try {
    return await token.generateKey({ kind: 'aes', label })
  } catch (error) {
    const isThere = error instanceof TokenError && ['keyExists', 'severalSuchKeys'].includes(error.code)
    const made = isThere ? await find(token, label) : undefined
    if (made === undefined) throw error
    return made
  }
}

function rootOf(token: Token, key: TokenKey): TokenRoot {
  const { label } = key
  let { id } = key
  const keyOf = (wanted: Uint8Array) => token.aesKey(wanted.length === 0 ? { label } : { label, id: wanted })
  const open = async (wanted: Uint8Array, sealed: SealedBytes, header: Uint8Array): Promise<Uint8Array | null> => {
    try {
      return await keyOf(wanted).open(sealed, header)
    } catch (cause) {
      if (!(cause instanceof TokenError && cause.code === 'noSuchKey')) throw cause
      throw (await find(token, label)) === undefined
        ? missingRoot(token, label, cause)
        : otherRoot(token, label, wanted, cause)
    }
  }
  /** Throws where the key does not open what it seals: then it proves nothing that it did not open a ring. */
  const requireWorking = async (wanted: Uint8Array): Promise<void> => {
    const own = keyOf(wanted)
    const opened = await own.open(await own.seal(PROBE, PROBE), PROBE)
    if (opened !== null && nodeEngine.equal(opened, PROBE)) return
    throw new TokenError(
      'failed',
      `the root key in ${token.name} does not open what it seals: the token may be damaged`,
    )
  }
  return {
    seal: async (ring) => {
      const header = Uint8Array.of(VERSION, KIND, id.length, ...id)
      const { iv, ciphertext } = await keyOf(id).seal(ring, header)
      return Uint8Array.of(...header, ...iv, ...ciphertext)
    },
    open: async (sealed) => {
      const [version, kind, idLength = 0] = sealed
      const ivAt = ID_AT + idLength
      const isOurs = version === VERSION && kind === KIND && sealed.length > ivAt + IV_LENGTH + TAG_LENGTH
      if (!isOurs) throw wrongRoot(token)
      const wanted = sealed.slice(ID_AT, ivAt)
      const parts = { iv: sealed.subarray(ivAt, ivAt + IV_LENGTH), ciphertext: sealed.subarray(ivAt + IV_LENGTH) }
      const ring = await open(wanted, parts, sealed.subarray(0, ivAt))
      if (ring === null) {
        await requireWorking(wanted)
        throw wrongRoot(token)
      }
      id = wanted
      return ring
    },
  }
}

const missingRoot = (token: Token, label: string, cause?: TokenError): TokenError =>
  new TokenError(
    'noSuchKey',
    `the root key ${JSON.stringify(label)} is not in ${token.name}, and what the store holds opens under no other root: ` +
      'bring the token back, or restore a backup',
    cause === undefined ? undefined : { cause },
  )

const otherRoot = (token: Token, label: string, id: Uint8Array, cause: TokenError): TokenError =>
  new TokenError(
    'noSuchKey',
    `the sealed domain belongs to another root: to the key with id ${Buffer.from(id).toString('hex')}, which is not ` +
      `labelled ${JSON.stringify(label)} in ${token.name}`,
    { cause },
  )

const wrongRoot = (token: Token): TokenError =>
  new TokenError(
    'authenticationFailed',
    `the sealed domain does not open under the root key in ${token.name}: it belongs to another root, or was altered`,
  )
