import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type KmsServer, startServer } from '@bongtu/kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import '../kms/orders.test.ts'

let server: KmsServer

beforeAll(async () => {
  server = await startServer({ place: { memory: true }, port: 0, logLevel: 'silent' })
})
afterAll(() => server.close())

/** Runs an example as its reader does, with Debian's packages and nobody's configuration. */
async function run(program: string, file: string, debianPackages: string): Promise<string> {
  if (!existsSync('/usr/bin/aws') || !existsSync('/usr/bin/python3')) {
    throw new Error(`a program is missing: apt-get install -y ${debianPackages}`)
  }
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: '/nonexistent',
    AWS_ACCESS_KEY_ID: '111122223333',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_PAGER: '',
  }
  const script = fileURLToPath(new URL(`../kms/${file}`, import.meta.url))
  return (await promisify(execFile)(program, [script, server.url], { env })).stdout
}

describe('the KMS examples', () => {
  it('aws-cli.sh encrypts and decrypts a file', async () => {
    expect(await run('/bin/sh', 'aws-cli.sh', 'awscli openssl')).toBe('all is well\nPendingDeletion\n')
  }, 120_000)

  it('boto3_data_key.py encrypts and decrypts a field', async () => {
    const packages = 'python3 python3-boto3 python3-cryptography'
    expect(await run('/usr/bin/python3', 'boto3_data_key.py', packages)).toBe('fractured wrist\n')
  }, 60_000)
})
