import type { Caller } from '../caller.ts'
import { KmsError } from '../wire/errors.ts'

/** One use of a key that somebody must have allowed. */
export interface AuthorizationRequest {
  readonly caller: Caller
  /** The action as policies name it, without its prefix: `Decrypt`, `ReEncryptFrom`. */
  readonly action: string
  /** The account that owns the key. */
  readonly account: string
  readonly keyArn: string
  /** `undefined` where the caller named a key of another account that does not exist, which it must not learn. */
  readonly key: { readonly manager: 'AWS' | 'CUSTOMER'; readonly policy: string } | undefined
}

/** Throws AccessDeniedException where the caller may not. Every operation on a key passes here before it looks at it. */
export type Authorize = (request: AuthorizationRequest) => void

/** What a caller may do with an AWS managed key: read about it, and use it as the service behind it would. */
const AWS_MANAGED_ACTIONS =
  /^(?:Encrypt|Decrypt|ReEncryptFrom|ReEncryptTo|GenerateDataKey\w*|DescribeKey|Get\w+|List\w+|CreateGrant|RevokeGrant|RetireGrant)$/

/**
 * Policies are stored, not evaluated: the account that owns a key may do everything with it except manage an AWS managed
 * key, and no other account may do anything.
 */
export const authorizeByAccount: Authorize = (request) => {
  if (request.key === undefined || request.caller.account !== request.account) {
    const reason =
      'the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access'
    throw accessDenied(request, reason)
  }
  if (request.key.manager === 'AWS' && !AWS_MANAGED_ACTIONS.test(request.action)) {
    throw accessDenied(request, `no resource-based policy allows the kms:${request.action} action`)
  }
}

function accessDenied({ caller, action, keyArn }: AuthorizationRequest, reason: string): KmsError {
  const text = `User: ${caller.principal} is not authorized to perform: kms:${action} on resource: ${keyArn} because ${reason}`
  return new KmsError('AccessDeniedException', text)
}
