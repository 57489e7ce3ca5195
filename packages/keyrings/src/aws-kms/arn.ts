/** An AWS KMS ARN in its parts (aws-kms-key-arn.md). */
export interface KmsArn {
  /** The whole text, as it was given. */
  readonly arn: string
  readonly partition: string
  readonly region: string
  readonly account: string
  readonly resourceType: 'key' | 'alias'
  /** Everything behind the first slash of the resource: an alias name may hold further slashes. */
  readonly resource: string
}

const REGION = /^[a-z0-9]+(?:-[a-z0-9]+)+$/

/** Regions become host names and parts of ARNs, so nothing but their own alphabet is one: no dots, slashes or ports. */
export const isRegion = (text: string): boolean => REGION.test(text)

const RESOURCE = /^(key|alias)\/(.+)$/s

/**
 * The parts of a key ARN or alias ARN, or `null` where it is neither. Partition, Region and account are whatever stands
 * there, as the specification has it: of a message's ARN they are compared, and never used for more.
 */
export function parseKmsArn(text: string): KmsArn | null {
  const [scheme, partition, service, region, account, ...rest] = text.split(':')
  const [, resourceType, resource] = RESOURCE.exec(rest.join(':')) ?? []
  if (scheme !== 'arn' || service !== 'kms' || rest.length !== 1) return null
  if (!partition || !region || !account || !resource) return null
  return { arn: text, partition, region, account, resourceType: resourceType === 'key' ? 'key' : 'alias', resource }
}

/** As `parseKmsArn`, of key ARNs only. */
export function parseKeyArn(text: string): KmsArn | null {
  const arn = parseKmsArn(text)
  return arn?.resourceType === 'key' ? arn : null
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The key ARN that an encrypted data key names, or `null` where its key info is none. An alias ARN is none. */
export function keyArnOf(keyInfo: Uint8Array): KmsArn | null {
  try {
    return parseKeyArn(decoder.decode(keyInfo))
  } catch {
    return null
  }
}

/** Whether an ARN, or a key id without one, is of a multi-Region key. An alias never is, whatever its name. */
export function isMultiRegion(keyId: string): boolean {
  const arn = parseKmsArn(keyId)
  return arn === null ? keyId.startsWith('mrk-') : arn.resourceType === 'key' && arn.resource.startsWith('mrk-')
}

/** aws-kms-mrk-match-for-decrypt.md: the same key, or replicas of one multi-Region key in two Regions. */
export function sameMultiRegionKey(one: string, other: string): boolean {
  if (one === other) return true
  const [a, b] = [parseKmsArn(one), parseKmsArn(other)]
  if (a === null || b === null || !isMultiRegion(one) || !isMultiRegion(other)) return false
  return a.partition === b.partition && a.account === b.account && a.resource === b.resource
}

/** The ARN of the same multi-Region key in another Region. */
export const inRegion = ({ partition, account, resource }: KmsArn, region: string): string =>
  `arn:${partition}:kms:${region}:${account}:key/${resource}`
