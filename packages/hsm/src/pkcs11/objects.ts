import { type KeyRef, keyText, type TokenKey } from '../token.ts'
import { TokenError } from '../token-error.ts'
import type { Attribute, Handle } from './binding.ts'
import type { Session } from './connection.ts'
import {
  CKA_CLASS,
  CKA_DECRYPT,
  CKA_ENCRYPT,
  CKA_EXTRACTABLE,
  CKA_ID,
  CKA_KEY_TYPE,
  CKA_LABEL,
  CKA_MODULUS,
  CKA_SENSITIVE,
  CKA_VALUE_LEN,
  CKK_AES,
  CKK_RSA,
  CKO_PRIVATE_KEY,
  CKO_SECRET_KEY,
} from './constants.ts'
import { isReturn } from './return-values.ts'

export interface KeyObject extends TokenKey {
  readonly handle: Handle
}

const CLASSES = {
  aes: { class: CKO_SECRET_KEY, type: CKK_AES },
  rsa: { class: CKO_PRIVATE_KEY, type: CKK_RSA },
} as const

/** The most objects that one search takes. A token with more keys of one kind is searched by label. */
const MOST = 4096

export function findObjects({ binding, handle, checkSearch }: Session, template: Attribute[]): Handle[] {
  const found: Handle[] = []
  binding.C_FindObjectsInit(handle, template)
  try {
    for (let some = binding.C_FindObjects(handle, 64); some.length > 0; some = binding.C_FindObjects(handle, 64)) {
      found.push(...some)
      if (found.length >= MOST) break
    }
  } catch (error) {
    endSearch(() => binding.C_FindObjectsFinal(handle))
    throw error
  }
  binding.C_FindObjectsFinal(handle)
  checkSearch()
  return found
}

/** The session may be gone; what the search failed with says more. */
function endSearch(end: () => void): void {
  try {
    end()
  } catch {
    // Told by the error that ended the search.
  }
}

/** Every AES key and every RSA private key that this user sees. */
export function allKeys(session: Session): KeyObject[] {
  return (['aes', 'rsa'] as const).flatMap((kind) =>
    findObjects(session, template(kind)).map((handle) => describe(session, kind, handle)),
  )
}

/** The one key of the kind that `ref` names. Throws `noSuchKey` and `severalSuchKeys`. */
export function findKey(session: Session, kind: TokenKey['kind'], ref: KeyRef): KeyObject {
  const [one, ...others] = findKeys(session, kind, ref)
  if (one === undefined) {
    throw new TokenError(
      'noSuchKey',
      `there is no ${names[kind]} ${keyText(ref)} in ${session.token}; \`bongtu hsm list\` shows the keys`,
    )
  }
  if (others.length > 0) {
    throw new TokenError(
      'severalSuchKeys',
      `in ${session.token}, ${others.length + 1} keys are an ${names[kind]} ${keyText(ref)}; name one by its id`,
    )
  }
  return describe(session, kind, one)
}

export function findKeys(session: Session, kind: TokenKey['kind'], { label, id }: KeyRef): Handle[] {
  return findObjects(session, [
    ...template(kind),
    ...(label === undefined ? [] : [{ type: CKA_LABEL, value: Buffer.from(label) }]),
    ...(id === undefined ? [] : [{ type: CKA_ID, value: Buffer.from(id) }]),
  ])
}

export const names = { aes: 'AES key', rsa: 'RSA private key' } as const

/** An attribute's bytes, or `null` where the object has none or hides it. */
export function attribute({ binding, handle }: Session, object: Handle, type: number): Buffer | null {
  try {
    return binding.C_GetAttributeValue(handle, object, [{ type }])[0]?.value ?? null
  } catch (error) {
    if (isReturn(error, 'CKR_ATTRIBUTE_TYPE_INVALID', 'CKR_ATTRIBUTE_SENSITIVE')) return null
    throw error
  }
}

const template = (kind: TokenKey['kind']): Attribute[] => [
  { type: CKA_CLASS, value: CLASSES[kind].class },
  { type: CKA_KEY_TYPE, value: CLASSES[kind].type },
]

function describe(session: Session, kind: TokenKey['kind'], handle: Handle): KeyObject {
  const bytes = (type: number): Buffer | null => attribute(session, handle, type)
  const flag = (type: number, unless: boolean): boolean => {
    const value = bytes(type)
    return value === null || value.length === 0 ? unless : value[0] !== 0
  }
  return {
    handle,
    kind,
    label: bytes(CKA_LABEL)?.toString() ?? '',
    id: Uint8Array.from(bytes(CKA_ID) ?? []),
    bits: 8 * (kind === 'aes' ? number(bytes(CKA_VALUE_LEN)) : significantLength(bytes(CKA_MODULUS))),
    // What the token does not tell counts as the worse: not sensitive, and extractable.
    sensitive: flag(CKA_SENSITIVE, false),
    extractable: flag(CKA_EXTRACTABLE, true),
    encrypts: kind === 'aes' && flag(CKA_ENCRYPT, false),
    decrypts: flag(CKA_DECRYPT, false),
  }
}

/** A C long, as the machine has it. */
const number = (bytes: Buffer | null): number => (bytes === null || bytes.length < 4 ? 0 : bytes.readUInt32LE())

/** Some tokens write a zero before a modulus, as signed integers have. */
const significantLength = (bytes: Buffer | null): number => {
  const first = bytes?.findIndex((byte) => byte !== 0) ?? -1
  return bytes === null || first === -1 ? 0 : bytes.length - first
}
