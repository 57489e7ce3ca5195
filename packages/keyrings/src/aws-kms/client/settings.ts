import { hasOption, record } from '@bongtu/crypto/options'
import { environment } from '#platform'
import { isRegion } from '../arn.ts'
import type { Profile } from './shared-profile.ts'

export interface KmsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** The Region of the environment or the profile. Throws an Error that says what to set where there is none. */
export async function callersRegion(profile: () => Promise<Profile>): Promise<string> {
  const region = environment('AWS_REGION') ?? environment('AWS_DEFAULT_REGION') ?? (await profile()).region
  if (region !== undefined) return checkRegion(region)
  throw new Error('no AWS Region is set: set AWS_REGION, or name the Region in the options or in the shared profile')
}

/** Throws a RangeError where it cannot be the name of a Region: it becomes part of a host name. */
export function checkRegion(region: string): string {
  if (typeof region === 'string' && isRegion(region)) return region
  throw new RangeError(`${JSON.stringify(region)} is no name of an AWS Region`)
}

/** Settings of a profile that go before its access key, and those that are asked where it has none. */
const BEFORE_KEYS = ['role_arn']
const WITHOUT_KEYS = ['web_identity_token_file', 'credential_process', 'sso_session', 'sso_start_url', 'login_session']
const VARIABLES = [
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
]

/**
 * Static credentials: of the environment, unless a profile is named in the options, else of the profile. Where they come
 * from somewhere else, throws an Error that says so, and that the AWS SDK gets them.
 */
export async function callersCredentials(named: boolean, profile: () => Promise<Profile>): Promise<KmsCredentials> {
  const fromEnvironment = credentialsOf(
    environment('AWS_ACCESS_KEY_ID'),
    environment('AWS_SECRET_ACCESS_KEY'),
    environment('AWS_SESSION_TOKEN'),
  )
  if (!named && fromEnvironment !== null) return fromEnvironment
  const settings = await profile()
  const role = BEFORE_KEYS.find((name) => Object.hasOwn(settings, name))
  if (role !== undefined) throw needsSdk(role)
  const { aws_access_key_id: id, aws_secret_access_key: secret, aws_session_token: token } = settings
  const found = credentialsOf(id, secret, token)
  if (found !== null) return found
  throw needsSdk(
    WITHOUT_KEYS.find((name) => Object.hasOwn(settings, name)) ??
      VARIABLES.find((name) => environment(name) !== undefined),
  )
}

function credentialsOf(
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
  sessionToken: string | undefined,
): KmsCredentials | null {
  if (accessKeyId === undefined || secretAccessKey === undefined) return null
  return checkCredentials({ accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) })
}

const needsSdk = (source: string | undefined): Error =>
  new Error(
    source === undefined
      ? 'no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or a shared profile with an access key; for SSO, and for the roles of containers and instances, pass kms: new KMSClient() of @aws-sdk/client-kms'
      : `the AWS credentials come from ${source}, which kmsClient does not follow: pass kms: new KMSClient() of @aws-sdk/client-kms`,
  )

/** What a header can hold without being altered. The platform's own error would show what it cannot hold. */
const IN_HEADER = /^[\x21-\x7e]+$/

/** A copy without a prototype. Throws a TypeError for what are no credentials, which shows nothing of them. */
export function checkCredentials(credentials: KmsCredentials): KmsCredentials {
  const given = typeof credentials === 'object' && credentials !== null ? credentials : {}
  const read = (name: keyof KmsCredentials) =>
    hasOption(given, name) ? (given as Partial<KmsCredentials>)[name] : undefined
  const [accessKeyId = '', secretAccessKey = '', sessionToken] = [
    read('accessKeyId'),
    read('secretAccessKey'),
    read('sessionToken'),
  ]
  const wrong = [accessKeyId, secretAccessKey, sessionToken ?? 'none'].some(
    (each) => typeof each !== 'string' || each === '',
  )
  if (wrong)
    throw new TypeError('credentials must be accessKeyId, secretAccessKey and, in a session, sessionToken, as strings')
  const broken = Object.entries({ accessKeyId, sessionToken: sessionToken ?? 'none' }).find(
    ([, text]) => !IN_HEADER.test(text),
  )
  if (broken === undefined) {
    return record<KmsCredentials>({ accessKeyId, secretAccessKey }, sessionToken === undefined ? {} : { sessionToken })
  }
  throw new TypeError(
    `${broken[0]} holds a space, a line break or another character that no AWS credential has: was all of it copied?`,
  )
}
