import { isMultiRegion, parseKmsArn, sameMultiRegionKey } from './arn.ts'

/** Throws a TypeError for what is no text, and a RangeError for what cannot be a KMS key identifier. */
export function checkKeyIds(what: string, keyIds: readonly string[]): readonly string[] {
  for (const keyId of keyIds) {
    if (typeof keyId !== 'string') throw new TypeError(`${what}: a key id is a string`)
    if (keyId === '' || keyId.length > 2048) throw new RangeError(`${what}: a key id has 1 to 2048 characters`)
    if (keyId.startsWith('arn:') && parseKmsArn(keyId) === null) {
      throw new RangeError(`${what}: ${JSON.stringify(keyId)} is no ARN of an AWS KMS key or alias`)
    }
  }
  return keyIds
}

/** aws-kms-mrk-are-unique.md: replicas of one key are one key. Throws a RangeError that names all duplicates. */
export function requireDistinctMultiRegionKeys(keyIds: readonly string[]): void {
  const replicas = keyIds.filter(isMultiRegion)
  const twice = replicas.filter((one, at) =>
    replicas.some(
      (other, otherAt) => at !== otherAt && (sameMultiRegionKey(one, other) || bareId(one) === bareId(other)),
    ),
  )
  if (twice.length > 0) {
    throw new RangeError(`awsKmsMrk: these are replicas of one multi-Region key, name one of them: ${twice.join(', ')}`)
  }
}

const bareId = (keyId: string): string => parseKmsArn(keyId)?.resource ?? keyId
