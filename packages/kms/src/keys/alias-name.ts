import { invalid, KmsError } from '../wire/errors.ts'

const RESERVED = 'alias/aws/'

/** Throws unless the caller may make, change or delete an alias of this name. */
export function checkAliasName(name: string): string {
  if (!name.startsWith('alias/')) {
    throw invalid(
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    )
  }
  if (name.startsWith(RESERVED)) throw new KmsError('NotAuthorizedException')
  if (name === 'alias/') throw new KmsError('InvalidAliasNameException')
  return name
}
