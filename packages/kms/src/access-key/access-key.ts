import { randomBytes } from '@bongtu/crypto/node'

/** What requests to a KMS are signed with. */
export interface AccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Not the `AKIA` of AWS: an id that reaches AWS by mistake, or lies in a repository, is seen to be none of its own. */
const PREFIX = 'BONGTU'
const ID_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const ID_LENGTH = 20
/** Bytes; as base64url neither a shell nor HTTP Basic takes a character of it for its own. */
const SECRET_LENGTH = 32

const FORM = new RegExp(`^${PREFIX}[${ID_CHARACTERS}]{${ID_LENGTH}}$`)
const SECRET_FORM = /^[A-Za-z0-9_-]{43}$/

export function newAccessKey(): AccessKey {
  const id = Array.from(randomBytes(ID_LENGTH), (byte) => ID_CHARACTERS[byte % ID_CHARACTERS.length])
  const secret = Buffer.from(randomBytes(SECRET_LENGTH)).toString('base64url')
  return { accessKeyId: `${PREFIX}${id.join('')}`, secretAccessKey: secret }
}

export function printAccessKey({ accessKeyId, secretAccessKey }: AccessKey): string {
  return `${JSON.stringify({ accessKeyId, secretAccessKey }, null, 2)}\n`
}

/** `undefined` where the text is not what `printAccessKey` writes. */
export function parseAccessKey(text: string): AccessKey | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const { accessKeyId, secretAccessKey } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') return undefined
  return FORM.test(accessKeyId) && SECRET_FORM.test(secretAccessKey) ? { accessKeyId, secretAccessKey } : undefined
}
