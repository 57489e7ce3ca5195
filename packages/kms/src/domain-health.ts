import { isGivenUp, keyOfToken, type QuarantinedToken } from './domain/quarantine.ts'
import { MAX_DOMAIN_KEYS } from './hsm/port.ts'
import { keyArn } from './keys/arn.ts'
import type { Kms } from './kms.ts'

/** A stored key token that does not open. Its record is kept as it is, and every walk tries it again. */
export interface UnreadableToken {
  /** The ARN of its key. */
  readonly key: string
  /** Which of the key's materials it is, counted from 0. */
  readonly sequence: number
  /** The domain key that it is under, 32 hex digits; `damaged` if the store does not know. That key stays in the ring. */
  readonly domainKey: string
  /** `damaged`: its record cannot be read. */
  readonly reason: QuarantinedToken['reason']
  /** Whether an operator gave it up, so that its domain key may leave. */
  readonly givenUp: boolean
}

export interface DomainHealth {
  /** How many domain keys the ring holds. */
  readonly domainKeys: number
  /** Whether the ring has no room: the domain key is not rotated until a token of `quarantine` opens or is given up. */
  readonly ringFull: boolean
  /** As the last walk or examination of this process found it, in the order of the domain keys. */
  readonly quarantine: readonly UnreadableToken[]
}

export async function domainHealthOf({ store, domain }: Kms): Promise<DomainHealth> {
  const { domainKeys } = await domain.status()
  const quarantine = await Promise.all(
    domain.quarantine().map(async ({ id, domainKey, reason }) => ({
      key: keyArn(keyOfToken(id)),
      sequence: Number(id.slice(id.lastIndexOf('/') + 1)),
      domainKey,
      reason,
      givenUp: await isGivenUp(store, id),
    })),
  )
  return {
    domainKeys: domainKeys.length,
    ringFull: domain.isFull() || domainKeys.length >= MAX_DOMAIN_KEYS,
    quarantine,
  }
}
