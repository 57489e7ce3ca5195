import { isMultiRegion, isRegion, type KmsArn, parseKmsArn } from './arn.ts'

/** What is neither an ARN nor an alias: a UUID, or `mrk-` and 32 hex digits. */
const KEY_ID = /^[\w-]+$/
const ALIAS = /^alias\/[\w/-]+$/
/** As the API has it, in characters. */
const MAX_LENGTH = 2048

/**
 * A copy of what names keys. Throws a TypeError for what is no list of texts, and a RangeError for what cannot be an
 * AWS KMS key identifier (aws-kms-key-arn.md, "a valid AWS KMS identifier").
 */
export function checkKeyIds(what: string, keyId: string, furtherKeyIds: readonly string[]): readonly string[] {
  if (!Array.isArray(furtherKeyIds)) throw new TypeError(`${what}: furtherKeyIds is an array`)
  return [keyId, ...furtherKeyIds].map((each) => checkKeyId(what, each))
}

/** As `checkKeyIds`, of one. */
export function checkKeyId(what: string, keyId: string): string {
  if (typeof keyId !== 'string') throw new TypeError(`${what}: a key id is a string`)
  if (keyId === '' || keyId.length > MAX_LENGTH)
    throw new RangeError(`${what}: a key id has 1 to ${MAX_LENGTH} characters`)
  const arn = parseKmsArn(keyId)
  const valid = arn === null ? KEY_ID.test(keyId) || ALIAS.test(keyId) : isRegion(arn.region)
  if (valid) return keyId
  throw new RangeError(
    `${what}: ${JSON.stringify(keyId)} is no key of AWS KMS: a key is named by its ARN, its id, an alias ARN, or alias/…`,
  )
}

/** Whether KMS, asked for a key under this name, may answer with the ARN of that key. Of a bare alias nothing is known. */
export function mayBe(keyId: string, answered: KmsArn): boolean {
  const arn = parseKmsArn(keyId)
  if (arn?.resourceType === 'key') return arn.arn === answered.arn
  if (arn !== null) {
    const { partition, region, account } = arn
    return partition === answered.partition && region === answered.region && account === answered.account
  }
  return ALIAS.test(keyId) || keyId === answered.resource
}

/** aws-kms-mrk-are-unique.md: replicas of one key are one key. Throws a RangeError that names all duplicates. */
export function requireDistinctMultiRegionKeys(what: string, keyIds: readonly string[]): void {
  const replicas = keyIds.filter(isMultiRegion)
  const resources = replicas.map((keyId) => parseKmsArn(keyId)?.resource ?? keyId)
  const twice = replicas.filter((_keyId, at) => resources.some((each, other) => other !== at && each === resources[at]))
  if (twice.length > 0) {
    throw new RangeError(`${what}: these are replicas of one multi-Region key, name one of each: ${twice.join(', ')}`)
  }
}
