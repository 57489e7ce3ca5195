import { record } from '@bongtu/crypto/options'
import type { AccessKey } from '../access-key/access-key.ts'

/** An access key that requests may be signed with. */
export interface Credential extends AccessKey {
  /** Where it is set, requests must bring it as X-Amz-Security-Token. */
  readonly sessionToken?: string
  /** When the session ends, in milliseconds since 1970. */
  readonly expiration?: number
  readonly account: string
  /** The user or role that the access key belongs to; the root of the account by default. */
  readonly principal?: string
}

/** The access keys of a KMS, as they are at each call. */
export interface Credentials {
  find(accessKeyId: string): Credential | undefined
  list(): readonly Credential[]
  /** How a caller comes by an access key; empty where only the operator knows. */
  readonly advice: string
}

/** Access keys that never change, such as those of a seed. */
export function fixedCredentials(credentials: readonly Credential[]): Credentials {
  const byId = new Map(credentials.map((credential) => [credential.accessKeyId, credential]))
  return { find: (accessKeyId) => byId.get(accessKeyId), list: () => credentials, advice: '' }
}

/** The one access key of a data folder, which `read` answers: it belongs to the root of the account. */
export function ownCredentials(read: () => AccessKey | undefined, account: string): Credentials {
  const list = (): readonly Credential[] => {
    const key = read()
    return key === undefined ? [] : [record<Credential>({ ...key, account })]
  }
  return {
    list,
    find: (accessKeyId) => list().find((credential) => credential.accessKeyId === accessKeyId),
    advice:
      'This KMS made its own access key. On its machine, eval "$(bongtu kms credentials)" sets it in a shell; add the --data of the server if it has one.',
  }
}
