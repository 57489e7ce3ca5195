import { type DomainHealth, domainHealthOf } from './domain-health.ts'
import { keys } from './keys/key-record.ts'
import type { Kms } from './kms.ts'

/** How a KMS stands. */
export interface KmsStatus {
  /** Customer and AWS managed keys of all accounts and Regions. */
  readonly keys: number
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
    keys: await countKeys(kms),
    domain: {
      ...(await domainHealthOf(kms)),
      version,
      activeSince: new Date(domainKeys[0]?.createdAt ?? 0),
      nextRotation: new Date(await kms.domain.nextRotation()),
    },
  }
}

async function countKeys({ store }: Kms): Promise<number> {
  let count = 0
  for (let after = ''; ; ) {
    const page = await store.list(keys, '', { after, limit: PAGE })
    count += page.length
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return count
    after = last.id
  }
}
