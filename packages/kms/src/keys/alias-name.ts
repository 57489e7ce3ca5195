import { brokenConstraints } from '../model/constraints.ts'
import { shapes } from '../model/shapes.ts'
import { shownValue } from '../model/violations.ts'
import { invalid, KmsError } from '../wire/errors.ts'

const RESERVED = 'alias/aws/'
/** The API text allows a new alias fewer characters than the pattern of its shape, which takes a colon. */
const NEW_NAME = /^[a-zA-Z0-9/_-]+$/

/** Throws unless the caller may change or delete an alias of this name. */
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

/** Throws unless the caller may make an alias of this name. An earlier version made aliases of more names, which stay usable. */
export function checkNewAliasName(name: string): string {
  checkAliasName(name)
  if (!NEW_NAME.test(name)) throw invalid(`${shownValue(name)} contains invalid characters for an alias`)
  const [broken] = brokenConstraints(shapes.AliasNameType, name)
  if (broken === undefined) return name
  throw invalid(
    `1 validation error detected: Value '${shownValue(name)}' at 'aliasName' failed to satisfy constraint: ${broken}`,
  )
}
