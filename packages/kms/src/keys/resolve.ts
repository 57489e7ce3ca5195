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
  const isReachable = access.otherAccounts || name.account === caller.account
  const key = isReachable ? await loadKey(kms, name) : undefined
  if (key === undefined && name.account === caller.account) throw noSuchKey(keyArn(name))
  kms.authorize({ caller, action, account: name.account, keyArn: keyArn(name), key })
  if (key === undefined) throw noSuchKey(keyArn(name))
  return key
}

/** The key as of now: what has fallen due on it is done before it is answered. */
export async function loadKey(kms: Kms, name: Place & { readonly keyId: string }): Promise<KeyRecord | undefined> {
  const entry = await kms.store.get(keys, keyRecordId(name))
  return entry === undefined ? undefined : settleKey(kms, entry.record)
}

async function keyNamed(
  kms: Kms,
  caller: Caller,
  text: string,
  access: KeyAccess,
): Promise<Place & { readonly keyId: string }> {
  const identifier = parseKeyIdentifier(text)
  if (identifier === undefined) throw invalidKeyId(text)
  if (identifier.form === 'id') return { account: caller.account, region: caller.region, keyId: identifier.keyId }
  const place = identifier.form === 'alias' ? caller : identifier.place
  if (place.region !== caller.region) throw new KmsError('NotFoundException', `Invalid arn ${place.region}`)
  if (identifier.form === 'arn') return { ...place, keyId: identifier.keyId }
  if (!access.alias) throw invalidKeyId(text)
  return aliasTarget(kms, caller, place, identifier.aliasName)
}

/** A key of AWS appears when its account first uses it, and never because another account names it. */
async function aliasTarget(
  kms: Kms,
  caller: Caller,
  place: Place,
  name: string,
): Promise<Place & { readonly keyId: string }> {
  const { account, region } = place
  const alias = await kms.store.get(aliases, aliasRecordId(place, name))
  if (alias !== undefined) return { account, region, keyId: alias.record.targetKeyId }
  if (account === caller.account && isAwsManagedAlias(name)) {
    return { account, region, keyId: await awsManagedKey(kms, place, name) }
  }
  throw noSuchAlias(place, name)
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
