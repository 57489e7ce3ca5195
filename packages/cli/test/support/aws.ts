import { type KmsServer, localKms, type Seed, startServer } from '@bongtu/kms'
import { onTestFinished, vi } from 'vitest'

export const ACCOUNT = '111122223333'
const [first, second, abroad] = [1, 2, 3].map((number) => `00000000-0000-4000-8000-00000000000${number}`) as [
  string,
  string,
  string,
]
const mrk = `mrk-${'0'.repeat(31)}1`

const arn = (id: string, region = 'us-east-1'): string => `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`

/** ARNs of the keys that the server holds. */
export const awsKeys = {
  first: arn(first),
  second: arn(second),
  abroad: arn(abroad, 'eu-west-1'),
  mrk: { home: arn(mrk), abroad: arn(mrk, 'eu-west-1') },
} as const

export const seed: Seed = {
  credentials: [
    { accessKeyId: 'AKIAENV', secretAccessKey: 'secret of the environment' },
    { accessKeyId: 'AKIAPROFILE', secretAccessKey: 'secret of the profile' },
  ],
  keys: [
    { id: first, aliases: ['alias/first'], material: '01'.repeat(32) },
    { id: second, material: '02'.repeat(32) },
    { id: abroad, region: 'eu-west-1', material: '03'.repeat(32) },
    { id: mrk, regions: ['us-east-1', 'eu-west-1'], material: '04'.repeat(32) },
  ],
}

/** For one test: a KMS on a port of this machine that checks signatures, and the usual variables pointed at it. */
export async function awsKmsServer(): Promise<KmsServer> {
  const server = await startServer({ place: { memory: true }, seed, port: 0, logLevel: 'silent' })
  const variables = {
    AWS_ENDPOINT_URL_KMS: server.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIAENV',
    AWS_SECRET_ACCESS_KEY: 'secret of the environment',
    AWS_SESSION_TOKEN: '',
    AWS_PROFILE: '',
    AWS_CONFIG_FILE: '/nowhere/config',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await server.close()
  })
  return server
}

/** The file of a seed, as `--seed` and `--kms-seed` take it. */
export const seedText = JSON.stringify({ ...seed, credentials: [] })

/** How many keys the KMS in a folder holds; 0 where there is none. */
export async function keysIn(directory: string): Promise<number> {
  const kms = await localKms({ directory, create: false }).catch(() => undefined)
  const count = (await kms?.status())?.keys ?? 0
  await kms?.close()
  return count
}
