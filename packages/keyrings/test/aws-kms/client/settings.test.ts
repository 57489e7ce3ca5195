import { type KmsClientOptions, kmsClient } from '@bongtu/keyrings/aws-kms'
import { describe, expect, it } from 'vitest'
import { capture } from '../support/capture.ts'
import { awsSettings } from '../support/no-aws-settings.ts'

const inVariables = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'secret' }
const given = { accessKeyId: 'AKIAGIVEN', secretAccessKey: 'secret' }

/** What a client with these options sends. */
async function sent(options: KmsClientOptions = {}) {
  const network = capture()
  await kmsClient({ ...options, fetch: network.fetch }).describeKey?.({ KeyId: 'alias/a' })
  return { ...network.credential(), host: network.host() }
}

const profiles = `
# the default
[default]
region = us-west-2
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = secret

[profile dev]   ; mine
region=eu-central-1 # Frankfurt
s3 =
  region = not-this-1
  aws_access_key_id = AKIANESTED
aws_access_key_id = AKIACONFIG
aws_secret_access_key = secret
aws_session_token = token#1

[profile "two words"]
region = ap-south-1

[dev2]
region = not-a-profile-1
[sso-session dev]
region = not-a-profile-1
`
const credentialsFile = `[dev]\r\naws_access_key_id = AKIACREDENTIALS\r\nAWS_SECRET_ACCESS_KEY = s=e=c\r\n[two words]\naws_access_key_id = AKIATWO\naws_secret_access_key = secret\n`

const staticKeys = 'region = sa-east-1\naws_access_key_id = AKIAFILE\naws_secret_access_key = secret\n'

describe('the Region of kmsClient', () => {
  it('is the one that is given', async () => {
    awsSettings(inVariables)
    expect(await sent({ region: 'us-east-2' })).toMatchObject({
      region: 'us-east-2',
      host: 'https://kms.us-east-2.amazonaws.com',
    })
  })

  it('is AWS_REGION, then AWS_DEFAULT_REGION, then that of the profile', async () => {
    awsSettings({ ...inVariables, AWS_DEFAULT_REGION: 'us-east-1' }, { config: profiles })
    expect(await sent()).toMatchObject({ region: 'eu-west-1' })
    awsSettings({ ...inVariables, AWS_REGION: '', AWS_DEFAULT_REGION: 'us-east-1' }, { config: profiles })
    expect(await sent()).toMatchObject({ region: 'us-east-1' })
    awsSettings({ ...inVariables, AWS_REGION: '' }, { config: profiles })
    expect(await sent()).toMatchObject({ region: 'us-west-2' })
  })

  it('is told by its config, as the clients of the AWS SDK tell it', async () => {
    awsSettings(inVariables)
    expect(await kmsClient().config?.region()).toBe('eu-west-1')
    expect(await kmsClient({ region: 'us-east-2' }).config?.region()).toBe('us-east-2')
  })

  it('must be set somewhere', async () => {
    awsSettings({ ...inVariables, AWS_REGION: '' })
    await expect(sent()).rejects.toThrow(/set AWS_REGION, or name the Region/)
  })

  it.each(['evil.example/', 'us-east-1@evil.example', 'us-east-1:80', ''])(
    'is never %j, which is another host',
    async (region) => {
      awsSettings({ ...inVariables, AWS_REGION: region === '' ? 'x' : region })
      expect(() => kmsClient({ region })).toThrow(RangeError)
      await expect(sent()).rejects.toThrow(RangeError)
    },
  )
})

describe('the credentials of kmsClient', () => {
  it('are the ones that are given, as they were then', async () => {
    awsSettings(inVariables)
    const credentials = { ...given, sessionToken: 'token' }
    const network = capture()
    const client = kmsClient({ credentials, fetch: network.fetch })
    credentials.accessKeyId = 'AKIALATER'
    await client.describeKey?.({ KeyId: 'a' })
    expect(network.credential()).toMatchObject({ accessKeyId: 'AKIAGIVEN', token: 'token' })
  })

  it('are those of the environment, with a session token where there is one', async () => {
    awsSettings(inVariables, { config: profiles })
    expect(await sent()).toMatchObject({ accessKeyId: 'AKIAENV', token: null })
    awsSettings({ ...inVariables, AWS_SESSION_TOKEN: 'token', AWS_PROFILE: 'dev' }, { config: profiles })
    expect(await sent()).toMatchObject({ accessKeyId: 'AKIAENV', token: 'token' })
  })

  it('are those of the profile that is named in the options, before the environment', async () => {
    awsSettings(inVariables, { config: profiles })
    expect(await sent({ profile: 'dev' })).toMatchObject({ accessKeyId: 'AKIACONFIG', token: 'token#1' })
  })

  it('are those of AWS_PROFILE or the default profile, where the environment has half of them or none', async () => {
    const half = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIAHALF' }
    awsSettings(half, { config: profiles })
    expect(await sent()).toMatchObject({ accessKeyId: 'AKIADEFAULT' })
    awsSettings({ ...half, AWS_PROFILE: 'dev' }, { config: profiles })
    expect(await sent()).toMatchObject({ accessKeyId: 'AKIACONFIG' })
  })

  it('are those of the credentials file before those of the config file', async () => {
    awsSettings({}, { config: profiles, credentials: credentialsFile })
    expect(await sent({ profile: 'dev' })).toMatchObject({ accessKeyId: 'AKIACREDENTIALS', region: 'eu-central-1' })
    expect(await sent({ profile: 'two words' })).toMatchObject({ accessKeyId: 'AKIATWO', region: 'ap-south-1' })
  })

  it('are not searched in a profile that is not there', async () => {
    awsSettings(inVariables, { config: profiles, credentials: credentialsFile })
    for (const profile of ['missing', 'dev2', 'sso-session dev', 'profile dev', '__proto__']) {
      await expect(sent({ profile })).rejects.toThrow(/neither shared AWS file has a profile/)
    }
  })

  it('are not searched in the default profile where AWS_PROFILE names one that is not there', async () => {
    awsSettings({ AWS_REGION: 'eu-west-1', AWS_PROFILE: 'dve' }, { config: profiles })
    await expect(sent()).rejects.toThrow('neither shared AWS file has a profile "dve"')
  })

  it.each([
    ['begins with a byte order mark', `\u{feff}[default]\n${staticKeys}`],
    ['is indented', `  [default]\n\t${staticKeys.replaceAll('\n', '\n\t')}`],
    [
      'has a nested setting of the same name',
      `[default]\n${staticKeys}s3 =\n  region = a-1\n# why\n  aws_session_token = a\n`,
    ],
    [
      'is indented behind a profile that ends in a setting without a value',
      `[profile x]\ns3 =\n[default]\n  ${staticKeys.replaceAll('\n', '\n  ')}`,
    ],
    ['has settings without a value', `[default]\n${staticKeys}role_arn =\naws_session_token =   # none\n`],
    ['has a value beneath an empty one', `[default]\nregion =\n${staticKeys}`],
  ])('are found in a profile that %s', async (_what, config) => {
    awsSettings({}, { config })
    expect(await sent()).toEqual({
      accessKeyId: 'AKIAFILE',
      region: 'sa-east-1',
      token: null,
      host: 'https://kms.sa-east-1.amazonaws.com',
    })
  })

  it('count as not set where they are empty in a profile', async () => {
    awsSettings({}, { config: '[default]\nregion = sa-east-1\naws_access_key_id =\naws_secret_access_key =\n' })
    await expect(sent()).rejects.toThrow(/no AWS credentials/)
  })

  it('must be set somewhere', async () => {
    awsSettings({ AWS_REGION: 'eu-west-1' })
    await expect(sent()).rejects.toThrow(
      /no AWS credentials: set AWS_ACCESS_KEY_ID .* new KMSClient\(\) of @aws-sdk\/client-kms/,
    )
  })

  it.each([
    ['sso_session', 'sso_session = corp\n'],
    ['sso_start_url', 'sso_start_url = https://corp.example\n'],
    ['credential_process', 'credential_process = /bin/keys\n'],
    ['web_identity_token_file', 'web_identity_token_file = /token\nrole_arn_x = 1\n'],
    ['login_session', 'login_session = arn\n'],
    [
      'role_arn',
      'role_arn = arn:aws:iam::1:role/a\nsource_profile = other\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n',
    ],
  ])('that come from %s need the AWS SDK, and the error says so', async (name, settings) => {
    awsSettings({ AWS_REGION: 'eu-west-1' }, { config: `[default]\n${settings}` })
    await expect(sent()).rejects.toThrow(
      `the AWS credentials come from ${name}, which kmsClient does not follow: pass kms: new KMSClient() of @aws-sdk/client-kms`,
    )
  })

  it('of a profile for SSO are its static ones, where a tool wrote some', async () => {
    awsSettings({}, { config: '[profile dev]\nregion = us-east-1\nsso_session = corp\n', credentials: credentialsFile })
    expect(await sent({ profile: 'dev' })).toMatchObject({ accessKeyId: 'AKIACREDENTIALS' })
  })

  it.each([
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ])('of a container (%s) need the AWS SDK, and the error says so', async (name) => {
    awsSettings({ AWS_REGION: 'eu-west-1', [name]: '/x' })
    await expect(sent()).rejects.toThrow(new RegExp(`come from ${name}, .* new KMSClient`))
  })

  it.each([
    ['nothing', null],
    ['a text', 'AKIA'],
    ['an id alone', { accessKeyId: 'AKIA' }],
    ['an empty secret', { accessKeyId: 'AKIA', secretAccessKey: '' }],
    ['a session token that is no text', { ...given, sessionToken: 7 }],
  ])('are not %s', async (_what, credentials) => {
    expect(() => kmsClient({ credentials: credentials as never })).toThrow(TypeError)
    awsSettings(inVariables)
    await expect(sent({ credentials: async () => credentials as never })).rejects.toThrow(TypeError)
  })

  it.each([
    ['accessKeyId', 'AWS_ACCESS_KEY_ID', 'AKIA\nHUSH'],
    ['sessionToken', 'AWS_SESSION_TOKEN', 'HUSH\r\nHUSH'],
    ['sessionToken', 'AWS_SESSION_TOKEN', ' HUSH'],
    ['sessionToken', 'AWS_SESSION_TOKEN', 'HUSH\u{1f600}'],
  ])('are not shown where %s (%s) is no header: %j', async (name, variable, text) => {
    awsSettings({ ...inVariables, [variable]: text })
    const saysSo = (error: unknown) =>
      error instanceof TypeError && error.message.startsWith(`${name} holds `) && !error.message.includes('HUSH')
    await expect(sent()).rejects.toSatisfy(saysSo)
    const credentials = { ...given, [name]: text }
    await expect(sent({ credentials: async () => credentials })).rejects.toSatisfy(saysSo)
    expect(() => kmsClient({ credentials })).toThrow(expect.toSatisfy(saysSo))
  })

  it('are read from the files once, and again only after a failure', async () => {
    awsSettings({ AWS_REGION: 'eu-west-1' })
    const network = capture()
    const client = kmsClient({ profile: 'dev', fetch: network.fetch })
    const call = () => client.describeKey?.({ KeyId: 'a' })
    await expect(call()).rejects.toThrow(/neither shared AWS file/)
    awsSettings({ AWS_REGION: 'eu-west-1' }, { config: profiles })
    await call()
    awsSettings({ AWS_REGION: 'eu-west-1' })
    await call()
    expect(network.requests).toHaveLength(2)
  })

  it('are not shown by the client', () => {
    const text = JSON.stringify(kmsClient({ region: 'us-east-1', credentials: { ...given, secretAccessKey: 'hush' } }))
    expect(text).not.toContain('hush')
  })
})

describe('the endpoint of kmsClient', () => {
  it('is AWS’s own of the Region, in each partition', async () => {
    awsSettings(inVariables)
    for (const [region, host] of [
      ['us-east-1', 'https://kms.us-east-1.amazonaws.com'],
      ['us-gov-west-1', 'https://kms.us-gov-west-1.amazonaws.com'],
      ['cn-north-1', 'https://kms.cn-north-1.amazonaws.com.cn'],
      ['us-iso-east-1', 'https://kms.us-iso-east-1.c2s.ic.gov'],
      ['us-isob-east-1', 'https://kms.us-isob-east-1.sc2s.sgov.gov'],
      ['us-isof-south-1', 'https://kms.us-isof-south-1.csp.hci.ic.gov'],
      ['eu-isoe-west-1', 'https://kms.eu-isoe-west-1.cloud.adc-e.uk'],
      ['eusc-de-east-1', 'https://kms.eusc-de-east-1.amazonaws.eu'],
    ] as const) {
      expect(await sent({ region })).toMatchObject({ region, host })
    }
  })

  it('is the one for FIPS 140 where AWS_USE_FIPS_ENDPOINT asks for it', async () => {
    awsSettings({ ...inVariables, AWS_USE_FIPS_ENDPOINT: 'true' })
    expect(await sent()).toMatchObject({ host: 'https://kms-fips.eu-west-1.amazonaws.com' })
    awsSettings({ ...inVariables, AWS_USE_FIPS_ENDPOINT: 'false' })
    expect(await sent()).toMatchObject({ host: 'https://kms.eu-west-1.amazonaws.com' })
  })

  it('is the one that is given, then AWS_ENDPOINT_URL_KMS, then AWS_ENDPOINT_URL', async () => {
    const variables = { ...inVariables, AWS_ENDPOINT_URL: 'http://localhost:1' }
    awsSettings(variables)
    expect(await sent()).toMatchObject({ host: 'http://localhost:1' })
    awsSettings({ ...variables, AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:2' })
    expect(await sent()).toMatchObject({ host: 'http://127.0.0.1:2' })
    expect(await sent({ endpoint: 'https://vpce.example' })).toMatchObject({
      host: 'https://vpce.example',
      region: 'eu-west-1',
    })
  })

  it('is AWS’s own where AWS_IGNORE_CONFIGURED_ENDPOINT_URLS switches the variables off', async () => {
    awsSettings({ ...inVariables, AWS_ENDPOINT_URL: 'http://localhost:1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' })
    expect(await sent()).toMatchObject({ host: 'https://kms.eu-west-1.amazonaws.com' })
  })

  it.each(['http://localhost:4599', 'http://127.0.0.1', 'http://[::1]:4599', 'https://kms.example:8443'])(
    'may be %s',
    async (endpoint) => {
      awsSettings(inVariables)
      expect(await sent({ endpoint })).toMatchObject({ host: endpoint })
    },
  )

  it.each([
    'http://kms.example',
    'http://localhost.evil.example',
    'http://10.0.0.1:4599',
    'http://127.0.0.1.evil.example',
  ])('may be %s only with allowPlainHttp: data keys cross the network in clear', async (endpoint) => {
    expect(() => kmsClient({ endpoint })).toThrow(/in clear/)
    expect(() => kmsClient({ endpoint, allowPlainHttp: false })).toThrow(RangeError)
    awsSettings({ ...inVariables, AWS_ENDPOINT_URL_KMS: endpoint })
    await expect(sent()).rejects.toThrow(/in clear/)
    expect(await sent({ endpoint, allowPlainHttp: true })).toMatchObject({ host: endpoint })
    expect(await sent({ allowPlainHttp: true })).toMatchObject({ host: endpoint })
  })

  it.each([
    'kms.example',
    '',
    'ftp://localhost',
    'file:///etc',
    'https://a.example/path',
    'https://a.example/?x',
    'https://a.example/#x',
    'https://user@a.example',
    'https://:pw@a.example',
  ])('is never %j', (endpoint) => {
    expect(() => kmsClient({ endpoint })).toThrow(RangeError)
  })
})

describe('options of kmsClient', () => {
  it('are known by name', () => {
    expect(() => kmsClient({ regoin: 'us-east-1' } as never)).toThrow(/has no option regoin/)
    expect(() => kmsClient(null as never)).toThrow(TypeError)
  })

  it.each(['maxAttempts', 'timeout', 'deadline'])('hold %s to whole numbers', (name) => {
    for (const value of [0, -1, 1.5, Number.NaN, Infinity, 2 ** 31]) {
      expect(() => kmsClient({ [name]: value })).toThrow(RangeError)
    }
    expect(() => kmsClient({ [name]: '3' })).toThrow(
      new TypeError(`kmsClient: ${name} must be a whole number, got a string`),
    )
  })

  it('refuse a fetch that is no function, and allowPlainHttp that is no boolean', () => {
    expect(() => kmsClient({ fetch: {} as never })).toThrow(TypeError)
    expect(() => kmsClient({ allowPlainHttp: 1 as never })).toThrow(TypeError)
  })
})
