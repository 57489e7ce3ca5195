import { record } from '@bongtu/crypto/options'
import { isAccount, isRegion } from '../keys/arn.ts'
import { parsePolicy } from '../policy/document.ts'
import { CONTRADICTIONS, checkRepetitions } from './contradictions.ts'
import { isLocalKmsSeed, readLocalKmsSeed } from './local-kms-seed.ts'
import type { Seed, SeedAlias, SeedCredential, SeedKey, SeedRotation } from './seed.ts'

type Check = (value: unknown) => boolean
type Form<T> = { readonly [K in keyof Required<T>]: Check }

const text: Check = (value) => typeof value === 'string'
const secret: Check = (value) => typeof value === 'string' && value !== ''
const texts: Check = (value) => Array.isArray(value) && value.every(text)
const matching =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value)
const account: Check = (value) => typeof value === 'string' && isAccount(value)
const region: Check = (value) => typeof value === 'string' && isRegion(value)
const time: Check = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value))
const object: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const aliasName = matching(/^alias\/(?!aws\/)[a-zA-Z0-9:/_-]{1,250}$/)
const keyId = matching(/^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/)
const list: Check = Array.isArray
const areDistinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length
const tag = ([name, value]: readonly [string, unknown]): boolean =>
  name !== '' && name.length <= 128 && !/^aws:/i.test(name) && typeof value === 'string' && value.length <= 256

const SEED: Form<Seed> = { account, region, credentials: list, keys: list, aliases: list }
const CREDENTIAL: Form<SeedCredential> = {
  accessKeyId: secret,
  secretAccessKey: secret,
  sessionToken: secret,
  expiration: time,
  account,
  principal: matching(/^arn:aws[a-z-]*:(?:iam|sts)::\d{12}:.+$/),
}
const KEY: Form<SeedKey> = {
  id: keyId,
  account,
  region,
  regions: (value) => Array.isArray(value) && value.length > 0 && value.every(region) && areDistinct(value),
  description: (value) => text(value) && (value as string).length <= 8192,
  enabled: (value) => typeof value === 'boolean',
  origin: matching(/^(?:AWS_KMS|EXTERNAL)$/),
  createdAt: time,
  material: text,
  rotations: list,
  rotation: (value) =>
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isInteger(value) && value >= 90 && value <= 2560),
  aliases: (value) => texts(value) && (value as string[]).every(aliasName),
  policy: (value) => text(value) || object(value),
  tags: (value) =>
    object(value) && Object.entries(value as object).every(tag) && Object.keys(value as object).length <= 50,
}
const ROTATION: Form<SeedRotation> = { date: time, type: matching(/^(?:AUTOMATIC|ON_DEMAND)$/), material: text }
const ALIAS: Form<SeedAlias> = { name: aliasName, key: keyId, account, region }

/**
 * Reads the text of a seed file: YAML, JSON, or the `seed.yaml` of local-kms. Fails with a TypeError that names the place
 * of the first mistake, and never a secret.
 */
export async function parseSeed(file: string): Promise<Seed> {
  // Few processes read a seed, and the parser takes longer to load than all of the KMS to start.
  const { parse } = await import('yaml')
  let document: unknown
  try {
    document = parse(file, { maxAliasCount: 0, logLevel: 'error' })
  } catch {
    throw new TypeError('the seed is neither YAML nor JSON')
  }
  return checkSeed(isLocalKmsSeed(document) ? readLocalKmsSeed(document) : (document ?? {}))
}

/**
 * The seed as records without a prototype, so that `Object.prototype` adds nothing to it. Throws a TypeError unless the
 * value is a seed.
 */
export function checkSeed(value: unknown): Seed {
  const given = checked<Seed>(value, SEED, [], 'seed')
  const seed: Seed = record<Seed>(
    given,
    members('credentials', given.credentials, 'credentials', (one, at) =>
      checked<SeedCredential>(one, CREDENTIAL, ['accessKeyId', 'secretAccessKey'], at),
    ),
    members('aliases', given.aliases, 'aliases', (one, at) => checked<SeedAlias>(one, ALIAS, ['name', 'key'], at)),
    members('keys', given.keys, 'keys', checkedKey),
  )
  if (!areDistinct((seed.credentials ?? []).map((one) => one.accessKeyId))) {
    throw new TypeError('credentials: an access key id stands there twice')
  }
  checkRepetitions(seed)
  return seed
}

function checkedKey(value: unknown, at: string): SeedKey {
  const given = checked<SeedKey>(value, KEY, ['id'], at)
  const rotations = members('rotations', given.rotations, `${at}.rotations`, (one, place) =>
    checked<SeedRotation>(one, ROTATION, ['date'], place),
  )
  const key = record<SeedKey>(given, rotations)
  checkKey(key, at)
  return key
}

function checkKey(key: SeedKey, at: string): void {
  const found = CONTRADICTIONS.find(([, holds]) => holds(key))
  if (found !== undefined) throw new TypeError(`${at}.${found[0]}: ${found[2]}`)
  if (key.policy === undefined) return
  try {
    parsePolicy(typeof key.policy === 'string' ? key.policy : JSON.stringify(key.policy))
  } catch (cause) {
    throw new TypeError(`${at}.policy: ${(cause as Error).message}`, { cause })
  }
}

/** The list under this name, if there is one, with each item checked. */
function members(
  name: string,
  values: readonly unknown[] | undefined,
  at: string,
  check: (value: unknown, at: string) => object,
): object {
  return values === undefined ? {} : { [name]: values.map((value, index) => check(value, `${at}[${index}]`)) }
}

function checked<T>(value: unknown, form: Form<T>, required: readonly (keyof T & string)[], at: string): T {
  if (!object(value)) throw new TypeError(`${at} must be a mapping`)
  for (const [name, member] of Object.entries(value as object)) {
    if (!Object.hasOwn(form, name)) throw new TypeError(`${at} has an unknown member: ${name}`)
    const check = form[name as keyof T]
    if (typeof member === 'number' && check(String(member))) throw new TypeError(`${at}.${name} must stand in quotes`)
    if (!check(member)) throw new TypeError(`${at}.${name} is not valid`)
  }
  const own = record(value as T & object)
  const missing = required.find((name) => own[name] === undefined)
  if (missing !== undefined) throw new TypeError(`${at}.${missing} is missing`)
  return own
}
