import { kindOf, type OptionNames, oneOf } from '@bongtu/crypto/options'
import type { CallRecord } from './wire/entry.ts'

export interface KmsSettings {
  /** The account and Region of requests that name none, and of what the seed says nothing else about. */
  readonly account?: string
  readonly region?: string
  /**
   * `enforce`: every request must be signed with a credential of the seed. `off`: signatures are not looked at, and the
   * access key id tells the account. By default `enforce` where the seed has credentials.
   */
  readonly auth?: 'enforce' | 'off'
  /** Milliseconds that a domain key stays active: one hour to seven days, one day by default. */
  readonly domainKeyPeriod?: number
  /** Told of every request once it is over. */
  readonly onCall?: (record: CallRecord) => void
  /** Told what work in the background threw. */
  readonly onFailure?: (error: unknown) => void
}

export const SETTINGS: OptionNames<KmsSettings> = {
  account: true,
  region: true,
  auth: true,
  domainKeyPeriod: true,
  onCall: true,
  onFailure: true,
}

/** Throws a TypeError for a setting of the wrong type. What a number or a name may be is checked where it is used. */
export function checkSettings(what: string, settings: KmsSettings): void {
  const { auth } = settings
  for (const [names, type] of TYPES) {
    for (const name of names) requireType(`${what}: ${name}`, settings[name], type)
  }
  if (auth !== undefined) oneOf(`${what}: auth`, auth, ['enforce', 'off'])
}

type Type = 'string' | 'number' | 'boolean' | 'function'

const TYPES: readonly (readonly [readonly (keyof KmsSettings)[], Type])[] = [
  [['account', 'region'], 'string'],
  [['domainKeyPeriod'], 'number'],
  [['onCall', 'onFailure'], 'function'],
]

/** Throws a TypeError for a value that is neither of this type nor absent. */
export function requireType(name: string, value: unknown, type: Type): void {
  if (value === undefined || typeof value === type) return
  throw new TypeError(`${name} must be a ${type}, got ${kindOf(value)}`)
}
