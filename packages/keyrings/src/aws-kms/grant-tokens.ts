import { kindOf } from '@bongtu/crypto/options'

/** As the API has it. */
const MAX_TOKENS = 10
const MAX_LENGTH = 8192

/** A copy. Throws a TypeError for what is no list of texts, and a RangeError for more or longer ones than KMS takes. */
export function checkGrantTokens(what: string, grantTokens: readonly string[] = []): readonly string[] {
  if (!Array.isArray(grantTokens) || grantTokens.some((token) => typeof token !== 'string')) {
    throw new TypeError(`${what}: grantTokens must be an array of strings, got ${kindOf(grantTokens)}`)
  }
  if (grantTokens.length > MAX_TOKENS)
    throw new RangeError(`${what}: at most ${MAX_TOKENS} grant tokens go with a call`)
  if (grantTokens.some((token) => token === '' || token.length > MAX_LENGTH)) {
    throw new RangeError(`${what}: a grant token has 1 to ${MAX_LENGTH} characters`)
  }
  return [...grantTokens]
}
