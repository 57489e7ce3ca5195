import type { Call } from '../call.ts'
import type { Caller } from '../caller.ts'
import type { Kms } from '../kms.ts'
import { KmsError } from '../wire/errors.ts'
import { checkAction, type KeyAccess, type KeyAction, keyAccess } from './access.ts'
import { aliasArn, keyArn, type Place, parseKeyIdentifier } from './arn.ts'
import { awsManagedKey, isAwsManagedAlias } from './aws-managed.ts'
import { aliases, aliasRecordId, type KeyRecord, keyRecordId, keys } from './key-record.ts'
import { settleKey } from './settle.ts'

/** The key that `keyId` names, of an origin and in a state that allow the action. */
export async function openKey(call: Call, keyId: string, action: KeyAction): Promise<KeyRecord> {
  const key = await resolveKey(call, keyId, action)
  checkAction(key, action)
  return key
}

/** The key that `keyId` names, whatever its state. Throws NotFoundException and AccessDeniedException. */
export async function resolveKey({ kms, caller }: Call, keyId: string, action: KeyAction): Promise<KeyRecord> {
  const access: KeyAccess = keyAccess[action]
  const name = await keyNamed(kms, caller, keyId, access)
  const isOwn = name.account === caller.account
  const isReachable = name.keyId !== undefined && (access.otherAccounts || isOwn)
  const key = isReachable ? await loadKey(kms, { ...name, keyId: name.keyId }) : undefined
  if (key === undefined && isOwn) throw noSuchKey(name.arn)
  kms.authorize({ caller, action, account: name.account, keyArn: name.arn, key })
  if (key === undefined) throw noSuchKey(name.arn)
  return key
}

/** The key as of now: what has fallen due on it is done before it is answered. */
export async function loadKey(kms: Kms, name: Place & { readonly keyId: string }): Promise<KeyRecord | undefined> {
  const entry = await kms.store.get(keys, keyRecordId(name))
  return entry === undefined ? undefined : settleKey(kms, entry.record)
}

/** A key as the caller named it. */
interface NamedKey extends Place {
  /** `undefined` where another account has no such alias, which the caller must not learn. */
  readonly keyId: string | undefined
  /** What refusals name. For an alias of another account it is the alias, so that they do not tell the key behind it. */
  readonly arn: string
}

async function keyNamed(kms: Kms, caller: Caller, text: string, access: KeyAccess): Promise<NamedKey> {
  const identifier = parseKeyIdentifier(text)
  if (identifier === undefined) throw invalidKeyId(text)
  if (identifier.form === 'id') return namedById(caller, identifier.keyId)
  const place = identifier.form === 'alias' ? caller : identifier.place
  if (place.region !== caller.region) throw new KmsError('NotFoundException', `Invalid arn ${place.region}`)
  if (identifier.form === 'arn') return namedById(place, identifier.keyId)
  if (!access.alias) throw invalidKeyId(text)
  return aliasTarget(kms, caller, place, identifier.aliasName)
}

function namedById({ account, region }: Place, keyId: string): NamedKey {
  return { account, region, keyId, arn: keyArn({ account, region, keyId }) }
}

/** A key of AWS appears when its account first uses it, and never because another account names it. */
async function aliasTarget(kms: Kms, caller: Caller, place: Place, name: string): Promise<NamedKey> {
  const { account, region } = place
  const alias = await kms.store.get(aliases, aliasRecordId(place, name))
  const keyId = alias?.record.targetKeyId
  if (account !== caller.account) return { account, region, keyId, arn: aliasArn(place, name) }
  if (keyId !== undefined) return namedById(place, keyId)
  if (!isAwsManagedAlias(name)) throw noSuchAlias(place, name)
  if (!(await kms.knowsAccount(account))) throw unknownAccount(place, name)
  return namedById(place, await awsManagedKey(kms, place, name))
}

function unknownAccount(place: Place, name: string): KmsError {
  const why = `The account ${place.account} has no key and is not in the seed: make a key in it first.`
  return new KmsError('NotFoundException', `Alias ${aliasArn(place, name)} is not found. ${why}`)
}

export function noSuchAlias(place: Place, name: string): KmsError {
  return new KmsError('NotFoundException', `Alias ${aliasArn(place, name)} is not found.`)
}

function noSuchKey(arn: string): KmsError {
  return new KmsError('NotFoundException', `Key '${arn}' does not exist`)
}

function invalidKeyId(text: string): KmsError {
  return new KmsError('NotFoundException', `Invalid keyId '${text}'`)
}
