import { KmsError } from '../wire/errors.ts'

/** Who a statement is about, by the kind of principal; `AWS: ['*']` for everybody. */
export interface Principals {
  readonly AWS: readonly string[]
  readonly Service: readonly string[]
  readonly Federated: readonly string[]
}

const ARN =
  /^arn:aws[a-z-]*:(?:iam::[0-9]{12}:(?:root|(?:user|role)\/[\w+=,.@/-]+)|sts::[0-9]{12}:(?:assumed-role|federated-user)\/[\w+=,.@/-]+)$/

const FORMS: Readonly<Record<keyof Principals, RegExp>> = {
  AWS: new RegExp(`^\\*$|^[0-9]{12}$|${ARN.source}`),
  Service: /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/,
  Federated: /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+|arn:aws[a-z-]*:iam::[0-9]{12}:(?:saml|oidc)-provider\/.+)$/,
}

/** Whether the text is the ARN of a principal, or the number of an account. `*` is neither. */
export function isPrincipal(text: string): boolean {
  return text !== '*' && FORMS.AWS.test(text)
}

/** Throws MalformedPolicyDocumentException for a principal that no account, user, role or service can have. */
export function checkPrincipals(value: unknown): Principals {
  if (value === '*') return { AWS: ['*'], Service: [], Federated: [] }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidPrincipals()
  const principals: Record<keyof Principals, readonly string[]> = { AWS: [], Service: [], Federated: [] }
  for (const [kind, given] of Object.entries(value)) {
    const form = Object.hasOwn(FORMS, kind) ? FORMS[kind as keyof Principals] : undefined
    const list: readonly unknown[] = Array.isArray(given) ? given : [given]
    if (form === undefined || !list.every((one) => typeof one === 'string' && form.test(one))) throw invalidPrincipals()
    principals[kind as keyof Principals] = list as readonly string[]
  }
  if (Object.values(principals).every((list) => list.length === 0)) throw invalidPrincipals()
  return principals
}

function invalidPrincipals(): KmsError {
  const text = 'Policy contains a statement with one or more invalid principals.'
  return new KmsError('MalformedPolicyDocumentException', text)
}
