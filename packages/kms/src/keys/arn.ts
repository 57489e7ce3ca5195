/** The partition that a Region belongs to, by its prefix. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  if (region.startsWith('us-gov-')) return 'aws-us-gov'
  return 'aws'
}

const REGION = /^(?=.{1,32}$)(?:[a-z]+-){2,3}\d+$/
const ACCOUNT = /^\d{12}$/

export function isRegion(text: string): boolean {
  return REGION.test(text)
}

export function isAccount(text: string): boolean {
  return ACCOUNT.test(text)
}

/** Where keys and aliases live: every name is local to one account in one Region. */
export interface Place {
  readonly account: string
  readonly region: string
}

export function keyArn(key: Place & { readonly keyId: string }): string {
  return `arn:${partitionOf(key.region)}:kms:${key.region}:${key.account}:key/${key.keyId}`
}

export function aliasArn(place: Place, aliasName: string): string {
  return `arn:${partitionOf(place.region)}:kms:${place.region}:${place.account}:${aliasName}`
}

const KEY_ID = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/

/** A UUID, or `mrk-` and 32 hex digits for a multi-Region key. */
export function isKeyId(text: string): boolean {
  return KEY_ID.test(text)
}

/** What a KeyId parameter says, before anything is looked up. */
export type KeyIdentifier =
  | { readonly form: 'id'; readonly keyId: string }
  | { readonly form: 'alias'; readonly aliasName: string }
  | { readonly form: 'arn'; readonly place: Place; readonly keyId: string }
  | { readonly form: 'aliasArn'; readonly place: Place; readonly aliasName: string }

const ARN = /^arn:(aws[a-z-]*):kms:([a-z0-9-]+):([0-9]{12}):(?:key\/(.+)|(alias\/.+))$/

/** `undefined` where it is none of the four forms. */
export function parseKeyIdentifier(text: string): KeyIdentifier | undefined {
  if (text.startsWith('alias/')) return { form: 'alias', aliasName: text }
  if (!text.startsWith('arn:')) return isKeyId(text) ? { form: 'id', keyId: text } : undefined
  const [, partition, region = '', account = '', keyId, aliasName] = ARN.exec(text) ?? []
  if (partition === undefined || partition !== partitionOf(region)) return undefined
  const place = { account, region }
  if (aliasName !== undefined) return { form: 'aliasArn', place, aliasName }
  return keyId !== undefined && isKeyId(keyId) ? { form: 'arn', place, keyId } : undefined
}
