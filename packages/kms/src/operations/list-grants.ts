import type { Operation } from '../call.ts'
import { openKey } from '../keys/resolve.ts'
import { invalid, KmsError } from '../wire/errors.ts'
import { pageOf } from './paging.ts'

export const GRANT_BOUNDS = { usual: 50, most: 100 }

/** No key has grants as long as CreateGrant is not built. So a grant id names no grant. */
export const listGrants: Operation<'ListGrants'> = async (call, input) => {
  const key = await openKey(call, input.KeyId, 'ListGrants')
  if (input.GranteePrincipal !== undefined && input.GranteeServicePrincipal !== undefined) {
    throw invalid('You can specify either GranteePrincipal or GranteeServicePrincipal, but not both.')
  }
  if (input.GrantId !== undefined) throw new KmsError('InvalidGrantIdException')
  const { items, rest } = await pageOf(call, input, GRANT_BOUNDS, key.keyId, [])
  return { Grants: items, ...rest }
}
