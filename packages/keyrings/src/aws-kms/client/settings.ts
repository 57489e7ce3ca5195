import { environment } from '#platform'
import { isRegion } from '../arn.ts'
import { sharedProfile } from './shared-profile.ts'

export interface KmsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** The Region of the environment or the shared profile. Throws an Error that says what to set where there is none. */
export async function callersRegion(profile?: string): Promise<string> {
  const region = environment('AWS_REGION') ?? environment('AWS_DEFAULT_REGION') ?? (await sharedProfile(profile)).region
  if (region === undefined) {
    throw new Error('no AWS Region is set: set AWS_REGION, or name region in the options or the shared profile')
  }
  return checkRegion(region)
}

/** Throws a RangeError where it cannot be the name of a Region: it becomes part of a host name. */
export function checkRegion(region: string): string {
  if (isRegion(region)) return region
  throw new RangeError(`${JSON.stringify(region)} is no name of an AWS Region`)
}

/** What other sources of credentials a profile names, which only the AWS SDK follows. */
const SDK_ONLY = ['sso_start_url', 'sso_session', 'role_arn', 'credential_process', 'web_identity_token_file']
const SDK_ONLY_VARIABLES = [
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
]

const USE_SDK = 'this client does not follow: pass kms: new KMSClient() of @aws-sdk/client-kms instead'

/** Static credentials of the environment, else of the shared profile. Throws an Error that says what to do otherwise. */
export async function callersCredentials(profile?: string): Promise<KmsCredentials> {
  const [accessKeyId, secretAccessKey] = [environment('AWS_ACCESS_KEY_ID'), environment('AWS_SECRET_ACCESS_KEY')]
  if (profile === undefined && accessKeyId !== undefined && secretAccessKey !== undefined) {
    return credentials(accessKeyId, secretAccessKey, environment('AWS_SESSION_TOKEN'))
  }
  const settings = await sharedProfile(profile)
  const { aws_access_key_id: id, aws_secret_access_key: secret, aws_session_token: token } = settings
  if (id !== undefined && secret !== undefined) return credentials(id, secret, token)
  const named =
    SDK_ONLY.find((key) => key in settings) ?? SDK_ONLY_VARIABLES.find((name) => environment(name) !== undefined)
  throw new Error(
    named === undefined
      ? 'no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, write them to the shared profile, or, for SSO, container and instance roles, pass kms: new KMSClient() of @aws-sdk/client-kms'
      : `the AWS credentials come from ${named}, which ${USE_SDK}`,
  )
}

const credentials = (
  accessKeyId: string,
  secretAccessKey: string,
  sessionToken: string | undefined,
): KmsCredentials => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken === undefined ? {} : { sessionToken }),
})

/** Where the calls of a Region go, going by the usual variables. */
export function endpointOf(region: string, given: string | undefined): URL {
  const text = given ?? environment('AWS_ENDPOINT_URL_KMS') ?? environment('AWS_ENDPOINT_URL')
  if (text === undefined) {
    return new URL(`https://kms.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}/`)
  }
  const url = new URL(text)
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback)) return url
  throw new RangeError(
    `the endpoint ${url.origin} is neither https nor on this machine: plaintext data keys would travel in clear`,
  )
}
