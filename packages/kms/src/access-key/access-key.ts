import { randomBytes } from '@bongtu/crypto/node'

/** What requests to a KMS are signed with. */
export interface AccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Not `AKIA`, as AWS has it: an id that is sent to AWS or committed by mistake is then no access key of AWS. */
const PREFIX = 'BONGTU'
const ID_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const ID_LENGTH = 20
/** Bytes; no character of base64url has a meaning to a shell or to HTTP Basic. */
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
