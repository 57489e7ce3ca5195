import type { Operation } from '../call.ts'
import { isPrincipal } from '../policy/principals.ts'
import { invalid, KmsError } from '../wire/errors.ts'
import { GRANT_BOUNDS } from './list-grants.ts'
import { pageOf } from './paging.ts'

/** No principal has a grant to retire as long as CreateGrant is not built. */
export const listRetirableGrants: Operation<'ListRetirableGrants'> = async (call, input) => {
  const { RetiringPrincipal: principal, RetiringServicePrincipal: service } = input
  if ((principal === undefined) === (service === undefined)) {
    throw invalid('You must specify either RetiringPrincipal or RetiringServicePrincipal, but not both.')
  }
  if (principal !== undefined && !isPrincipal(principal)) throw new KmsError('InvalidArnException')
  const { items, rest } = await pageOf(call, input, GRANT_BOUNDS, principal ?? service ?? '', [])
  return { Grants: items, ...rest }
}
