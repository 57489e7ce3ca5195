import { record } from '@bongtu/crypto/options'
import type { AccessKey } from './access-key/access-key.ts'
import type { SeedDefaults } from './seed/apply-seed.ts'
import type { Seed, SeedCredential } from './seed/seed.ts'
import type { AuthenticationOptions } from './wire/authenticate.ts'
import { type Credential, fixedCredentials, ownCredentials } from './wire/credentials.ts'

/** Who a client is: an account, or an access key of the seed; the first one there by default. */
export interface ClientIdentity {
  /** 12 digits. Only where signatures are not checked. */
  readonly account?: string
  readonly accessKeyId?: string
  readonly region?: string
}

export interface ClientCredentials extends AccessKey {
  readonly sessionToken?: string
}

/**
 * How a KMS tells its callers apart: by the access keys of its seed, else by `ownKey`, the access key of its data folder.
 * Throws a TypeError where signatures are to be checked and there is no access key, or for one that is not of its account.
 */
export function authenticationOf(
  auth: 'enforce' | 'off' | undefined,
  { credentials = [] }: Seed,
  { account, region }: SeedDefaults,
  ownKey: (() => AccessKey | undefined) | undefined,
): AuthenticationOptions {
  const seeded = credentials.length > 0
  const enforce = auth === undefined ? seeded || ownKey !== undefined : auth === 'enforce'
  if (enforce && !seeded && ownKey === undefined) {
    throw new TypeError('signatures cannot be enforced without credentials: give the seed some')
  }
  return {
    credentials:
      seeded || ownKey === undefined
        ? fixedCredentials(credentials.map((one) => credentialOf(one, account)))
        : ownCredentials(ownKey, account),
    enforce,
    defaultAccount: account,
    defaultRegion: region,
    systemTime: Date.now,
  }
}

function credentialOf({ expiration, ...credential }: SeedCredential, defaultAccount: string): Credential {
  const { accessKeyId, account = defaultAccount, principal } = credential
  if (principal !== undefined && !principal.includes(`::${account}:`)) {
    throw new TypeError(`the principal of the access key ${accessKeyId} is not of its account, ${account}`)
  }
  return record<Credential>(
    { ...credential, account },
    expiration === undefined ? {} : { expiration: Date.parse(expiration) },
  )
}

/** What a client in this process signs with. Throws a TypeError for an identity that the KMS does not know. */
export function clientCredentials(
  { credentials, enforce, defaultAccount }: AuthenticationOptions,
  { account, accessKeyId }: ClientIdentity,
): ClientCredentials {
  const wanted = (one: Credential) =>
    accessKeyId === undefined ? !account || one.account === account : one.accessKeyId === accessKeyId
  const found = credentials.list().find(wanted)
  if (found !== undefined) {
    const { accessKeyId: id, secretAccessKey, sessionToken } = found
    return record<ClientCredentials>(
      { accessKeyId: id, secretAccessKey },
      sessionToken === undefined ? {} : { sessionToken },
    )
  }
  if (enforce || accessKeyId !== undefined) throw new TypeError('this KMS has no such credential')
  return record<ClientCredentials>({ accessKeyId: account ?? defaultAccount, secretAccessKey: 'unchecked' })
}
