import { type DomainHealth, domainHealthOf } from './domain-health.ts'
import { keyArn } from './keys/arn.ts'
import { type KeyRecord, keys } from './keys/key-record.ts'
import type { Kms } from './kms.ts'
import { readStoredPolicy } from './policy/document.ts'

/** How a KMS stands. */
export interface KmsStatus {
  /** Customer and AWS managed keys of all accounts and Regions. */
  readonly keys: number
  /**
   * The ARNs of the keys whose policy PutKeyPolicy would refuse now, because earlier versions took it: a statement whose
   * Resource is not `*` matches nothing.
   */
  readonly policiesToCorrect: readonly string[]
  readonly domain: DomainHealth & {
    /** Counts from 1, one more with each rotation. */
    readonly version: number
    readonly activeSince: Date
    readonly nextRotation: Date
  }
}

const PAGE = 1000

/** Walks the key tokens before, so that what it says of the quarantine is so now. */
export async function statusOf(kms: Kms): Promise<KmsStatus> {
  await kms.domain.rewrap()
  const { version, domainKeys } = await kms.domain.status()
  return {
    ...(await keyFacts(kms)),
    domain: {
      ...(await domainHealthOf(kms)),
      version,
      activeSince: new Date(domainKeys[0]?.createdAt ?? 0),
      nextRotation: new Date(await kms.domain.nextRotation()),
    },
  }
}

async function keyFacts({ store }: Kms): Promise<Pick<KmsStatus, 'keys' | 'policiesToCorrect'>> {
  let count = 0
  const policiesToCorrect: string[] = []
  for (let after = ''; ; ) {
    const page = await store.list(keys, '', { after, limit: PAGE })
    count += page.length
    for (const { record } of page) if (!isPolicySound(record)) policiesToCorrect.push(keyArn(record))
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return { keys: count, policiesToCorrect }
    after = last.id
  }
}

function isPolicySound({ policy }: KeyRecord): boolean {
  try {
    return readStoredPolicy(policy).every((statement) => statement.isOfItsKey)
  } catch {
    return false
  }
}
