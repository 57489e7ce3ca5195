import { sha256Hex } from '@bongtu/crypto/node'
import { KmsError } from '../errors.ts'

/** The Authorization header of Signature Version 4, taken apart. */
export interface Authorization {
  readonly accessKeyId: string
  /** `YYYYMMDD` */
  readonly date: string
  readonly region: string
  readonly service: string
  readonly terminator: string
  /** In the order in which the client signed them. */
  readonly signedHeaders: readonly string[]
  /** 64 hex digits where the client wrote a signature at all. */
  readonly signature: string
}

const ALGORITHM = 'AWS4-HMAC-SHA256'
const PARAMETERS: readonly string[] = ['Credential', 'Signature', 'SignedHeaders']
/** Longer headers are nobody's signature. */
const MAX_LENGTH = 4096

/** Throws MissingAuthenticationTokenException and IncompleteSignatureException as AWS does. */
export function parseAuthorization(header: string | undefined): Authorization {
  if (header === undefined || header === '') {
    throw new KmsError('MissingAuthenticationTokenException', 'Missing Authentication Token')
  }
  const [algorithm = '', rest = ''] = splitOnce(header.slice(0, MAX_LENGTH), ' ')
  if (algorithm !== ALGORITHM) throw incomplete(PARAMETERS, header)
  const given = parametersOf(rest, header)
  const absent = PARAMETERS.filter((name) => !given.get(name))
  if (absent.length > 0) throw incomplete(absent, header)
  if (given.size > PARAMETERS.length) throw unclear('has an unknown parameter, or was sent twice', header)
  const scope = (given.get('Credential') ?? '').split('/')
  const [accessKeyId, date, region, service, terminator] = scope
  if (scope.length !== 5 || !accessKeyId || !date || !region || !service || !terminator) {
    throw new KmsError(
      'IncompleteSignatureException',
      'Credential must have exactly 5 slash-delimited elements: keyid/date/region/service/term.',
    )
  }
  const signedHeaders = (given.get('SignedHeaders') ?? '').split(';')
  return { accessKeyId, date, region, service, terminator, signedHeaders, signature: given.get('Signature') ?? '' }
}

/** Each parameter once: a proxy in front could read another of two values, or of two headers that were joined, than this. */
function parametersOf(text: string, header: string): ReadonlyMap<string, string> {
  const given = new Map<string, string>()
  for (const part of text.split(',')) {
    const [name, value] = parseParameter(part.trim(), header)
    if (given.has(name)) throw unclear(`has the parameter '${name}' twice`, header)
    given.set(name, value)
  }
  return given
}

function unclear(what: string, header: string): KmsError {
  return new KmsError('IncompleteSignatureException', `The Authorization header ${what}. ${shown(header)}`)
}

function parseParameter(text: string, header: string): readonly [string, string] {
  const [name, value] = splitOnce(text, '=')
  if (name !== undefined && value !== undefined) return [name, value]
  throw new KmsError(
    'IncompleteSignatureException',
    `A part of the Authorization header is not a valid key=value pair (missing equal-sign) ${shown(header)}`,
  )
}

function splitOnce(text: string, separator: string): readonly [string] | readonly [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)]
}

function incomplete(absent: readonly string[], header: string): KmsError {
  const wanted = absent.map((name) => `Authorization header requires '${name}' parameter.`).join(' ')
  return new KmsError('IncompleteSignatureException', `${wanted} ${shown(header)}`)
}

/** The header may hold a bearer token of somebody else's, so it is told by its hash only. */
function shown(header: string): string {
  const hash = Buffer.from(sha256Hex(header), 'hex').toString('base64')
  return `(Hashed with SHA-256 and encoded with Base64) Authorization=${hash}`
}

/** Whether the header has the form of a Signature Version 4, whatever the signature is worth. */
export function isAuthorization(header: string | undefined): boolean {
  try {
    parseAuthorization(header)
    return true
  } catch (error) {
    if (error instanceof KmsError) return false
    throw error
  }
}
