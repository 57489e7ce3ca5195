import type { Call, Operation } from '../call.ts'
import { toSeconds } from '../clock.ts'
import { aliasArn } from '../keys/arn.ts'
import { awsManagedAliases } from '../keys/aws-managed.ts'
import { type AliasRecord, aliases, aliasRecordId, keyRecordId } from '../keys/key-record.ts'
import { openKey } from '../keys/resolve.ts'
import type { Page } from '../store/store.ts'
import { page } from './paging.ts'

const BOUNDS = { usual: 50, most: 100 }

interface Listing {
  readonly id: string
  readonly record: AliasRecord | { readonly name: string }
}

export const listAliases: Operation<'ListAliases'> = async (call, input) => {
  const { kms, caller } = call
  const key = input.KeyId === undefined ? undefined : await openKey(call, input.KeyId, 'ListAliases')
  const { items, rest } = await page<Listing['record']>(call, input, BOUNDS, key?.keyId ?? '', (one) =>
    key === undefined ? allAliases(call, one) : kms.store.listBy(aliases, 'target', keyRecordId(key), one),
  )
  const Aliases = items.map((alias) => ({
    AliasName: alias.name,
    AliasArn: aliasArn(caller, alias.name),
    ...('targetKeyId' in alias ? stored(alias) : {}),
  }))
  return { Aliases, ...rest }
}

function stored(alias: AliasRecord): object {
  return {
    TargetKeyId: alias.targetKeyId,
    CreationDate: toSeconds(alias.createdAt),
    LastUpdatedDate: toSeconds(alias.updatedAt),
  }
}

/** The aliases of the account, among them those of AWS, which are there before their keys are. */
async function allAliases({ kms, caller }: Call, one: Page): Promise<readonly Listing[]> {
  const found: readonly Listing[] = await kms.store.list(aliases, `${caller.account}/${caller.region}/`, one)
  const last = found.length < one.limit ? undefined : found.at(-1)?.id
  const present = new Set(found.map((entry) => entry.id))
  const unused = awsManagedAliases
    .map((name) => ({ id: aliasRecordId(caller, name), record: { name } }))
    .filter(({ id }) => !present.has(id) && id > (one.after ?? '') && (last === undefined || id < last))
  return [...found, ...unused].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, one.limit)
}
