import type { Caller } from '../caller.ts'
import { KmsError } from '../wire/errors.ts'
import { parsePolicy, type Statement } from './document.ts'
import { matchesPattern } from './pattern.ts'

/** Bytes of a policy as UTF-8. */
const MOST_BYTES = 32_768
const NEEDED = 'kms:PutKeyPolicy'

/**
 * Throws MalformedPolicyDocumentException where the text is no key policy, or would lock its writer out: unless
 * `bypass` is set, it must let the caller change the policy again.
 */
export function checkPolicy(text: string, caller: Caller, bypass: boolean): void {
  if (new TextEncoder().encode(text).length > MOST_BYTES) {
    throw new KmsError('LimitExceededException', `A key policy can have at most ${MOST_BYTES} bytes.`)
  }
  const statements = parsePolicy(text)
  if (bypass || remainsInControl(statements, caller)) return
  const reason = 'The new key policy will not allow you to update the key policy in the future.'
  throw new KmsError('MalformedPolicyDocumentException', reason)
}

/**
 * Whether the caller may still change the policy under it. What stands under a condition is not counted, on either
 * side: whether it will hold in the future cannot be known.
 */
function remainsInControl(statements: readonly Statement[], caller: Caller): boolean {
  const counted = statements.filter(
    (statement) => statement.condition === undefined && concernsAction(statement) && concernsCaller(statement, caller),
  )
  return counted.length > 0 && counted.every((statement) => statement.effect === 'Allow')
}

function concernsAction({ actions, notActions }: Statement): boolean {
  return actions.some((pattern) => matchesPattern(pattern, NEEDED)) !== notActions
}

/** An account as principal stands for whoever its IAM policies delegate to; a caller of that account is one of them. */
function concernsCaller({ principals, notPrincipals }: Statement, caller: Caller): boolean {
  const named = principals.AWS.some(
    (one) =>
      one === '*' || one === caller.account || one.endsWith(`:iam::${caller.account}:root`) || one === caller.principal,
  )
  return named !== notPrincipals
}
