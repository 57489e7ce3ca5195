import { usage } from '../failure.ts'

/** The parameter of a key URI that lets a weak RSA key encrypt. */
export const WEAK_KEYS = 'allow-weak-keys'

/** What the parameter says: absent is `false`. Throws a usage failure for another value than true and false. */
export function allowsWeakKeys(value: string | undefined): boolean {
  if (value === undefined || value === 'true' || value === 'false') return value === 'true'
  throw usage(`${WEAK_KEYS} must be true or false, got another text`)
}
