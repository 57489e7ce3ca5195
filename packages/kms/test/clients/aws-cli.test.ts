import { createCipheriv, createDecipheriv } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openssl } from '../support/openssl.ts'
import { checkingServer, programOf, run } from './program.ts'

describe('the AWS CLI of another service', () => {
  it.each([
    ['ec2', 'ec2', 'DescribeInstances', 'InvalidAction', ['ec2', 'describe-instances']],
    ['sts', 'a query service', 'GetCallerIdentity', 'InvalidAction', ['sts', 'get-caller-identity']],
    ['s3', 's3', 'ListBuckets', 'InvalidAction', ['s3api', 'list-buckets']],
    ['route53', 'a service of XML', 'ListHostedZones', 'InvalidAction', ['route53', 'list-hosted-zones']],
    ['ssm', 'a service of JSON', 'GetParameter', 'UnknownOperationException', ['ssm', 'get-parameter', '--name', 'x']],
    ['lambda', 'a REST service of JSON', 'ListFunctions', 'UnknownOperationException', ['lambda', 'list-functions']],
  ])(
    '%s: reads in the protocol of %s that this is a KMS only',
    async (service, _, operation, error, args) => {
      const server = await checkingServer()
      const { code, stderr } = await run(programOf('aws', 'awscli'), ['--endpoint-url', server.url, ...args])
      expect(code).not.toBe(0)
      expect(stderr.trim()).toBe(
        `An error occurred (${error}) when calling the ${operation} operation: This is a KMS only, and the request is for ${service}. Set AWS_ENDPOINT_URL_KMS in place of AWS_ENDPOINT_URL.`,
      )
    },
    60_000,
  )
})

it('the AWS CLI with an unknown Region reads that the Region is unknown', async () => {
  const server = await checkingServer()
  const args = ['--endpoint-url', server.url, 'kms', 'list-keys']
  const { stderr } = await run(programOf('aws', 'awscli'), args, { AWS_DEFAULT_REGION: 'local' })
  expect(stderr.trim()).toBe(
    "An error occurred (ValidationException) when calling the ListKeys operation: The Region 'local' is unknown. Set AWS_REGION and AWS_DEFAULT_REGION to one such as us-east-1.",
  )
}, 60_000)

async function cli() {
  const server = await checkingServer()
  const program = programOf('aws', 'awscli')
  const files = mkdtempSync(join(tmpdir(), 'bongtu-cli-'))
  onTestFinished(() => rmSync(files, { recursive: true }))
  const tried = (args: readonly string[], env = {}) =>
    run(program, ['--endpoint-url', server.url, '--output', 'json', 'kms', ...args], env)
  const aws = async (...args: string[]) => {
    const { code, stdout, stderr } = await tried(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return stdout === '' ? undefined : JSON.parse(stdout)
  }
  const file = (name: string, content: Uint8Array | string) => {
    writeFileSync(join(files, name), content)
    return `fileb://${join(files, name)}`
  }
  return { server, tried, aws, file }
}

describe('the AWS CLI', () => {
  it('lives through the life of a key', async () => {
    const { aws, tried, file } = await cli()
    const { KeyMetadata } = await aws('create-key', '--description', 'by the CLI', '--tags', 'TagKey=a,TagValue=b')
    const id: string = KeyMetadata.KeyId
    await aws('create-alias', '--alias-name', 'alias/cli', '--target-key-id', id)
    await aws('enable-key-rotation', '--key-id', id)
    expect(await aws('get-key-rotation-status', '--key-id', id)).toEqual({ KeyRotationEnabled: true })

    const context = ['--encryption-context', 'tenant=acme,purpose=test']
    const made = await aws('generate-data-key', '--key-id', 'alias/cli', '--key-spec', 'AES_256', ...context)
    const dataKey = Buffer.from(made.Plaintext, 'base64')
    const cipher = createCipheriv('aes-256-gcm', dataKey, Buffer.alloc(12))
    const sealed = Buffer.concat([cipher.update('a local text'), cipher.final(), cipher.getAuthTag()])
    const blob = file('blob', Buffer.from(made.CiphertextBlob, 'base64'))
    const opened = await aws('decrypt', '--ciphertext-blob', blob, ...context)
    expect(opened.KeyId).toBe(KeyMetadata.Arn)
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(opened.Plaintext, 'base64'), Buffer.alloc(12))
    decipher.setAuthTag(sealed.subarray(-16))
    expect(decipher.update(sealed.subarray(0, -16)).toString() + decipher.final()).toBe('a local text')

    const wrong = await tried(['decrypt', '--ciphertext-blob', blob])
    expect(wrong.code).not.toBe(0)
    expect(wrong.stderr).toContain('An error occurred (InvalidCiphertextException) when calling the Decrypt operation')
    const scheduled = await aws('schedule-key-deletion', '--key-id', id, '--pending-window-in-days', '7')
    expect(scheduled).toMatchObject({ KeyId: KeyMetadata.Arn, KeyState: 'PendingDeletion', PendingWindowInDays: 7 })
    expect(await aws('cancel-key-deletion', '--key-id', id)).toEqual({ KeyId: KeyMetadata.Arn })
    await aws('enable-key', '--key-id', id)
    expect((await aws('describe-key', '--key-id', 'alias/cli')).KeyMetadata.KeyState).toBe('Enabled')
  }, 120_000)

  it('pages through lists, puts policies and shows errors', async () => {
    const { aws, tried } = await cli()
    const id: string = (await aws('create-key')).KeyMetadata.KeyId
    const { Aliases } = await aws('list-aliases', '--page-size', '2')
    expect(Aliases).toHaveLength(28)
    const { Policy } = await aws('get-key-policy', '--key-id', id, '--policy-name', 'default')
    await aws('put-key-policy', '--key-id', id, '--policy-name', 'default', '--policy', Policy)
    const failed = await tried(['describe-key', '--key-id', 'no-key'])
    expect(failed.stderr.trim()).toBe(
      "An error occurred (NotFoundException) when calling the DescribeKey operation: Invalid keyId 'no-key'",
    )
    const forged = await tried(['list-keys'], { AWS_SECRET_ACCESS_KEY: 'wrong' })
    expect(forged.stderr).toContain('An error occurred (InvalidSignatureException) when calling the ListKeys operation')
    const unknown = await tried(['list-keys'], { AWS_ACCESS_KEY_ID: 'AKIDNOBODY' })
    expect(unknown.stderr).toContain('(UnrecognizedClientException)')
  }, 120_000)

  it('imports material that OpenSSL wrapped', async () => {
    const { aws, file } = await cli()
    const { KeyMetadata } = await aws('create-key', '--origin', 'EXTERNAL')
    const key = ['--key-id', KeyMetadata.KeyId]
    const wrapping = ['--wrapping-algorithm', 'RSAES_OAEP_SHA_256', '--wrapping-key-spec', 'RSA_2048']
    const parameters = await aws('get-parameters-for-import', ...key, ...wrapping)
    const wrapped = openssl(
      [
        'pkeyutl',
        '-encrypt',
        '-pubin',
        '-keyform',
        'DER',
        '-inkey',
        'key',
        '-in',
        'clear',
        '-out',
        'out',
        '-pkeyopt',
        'rsa_padding_mode:oaep',
        '-pkeyopt',
        'rsa_oaep_md:sha256',
      ],
      { key: Buffer.from(parameters.PublicKey, 'base64'), clear: Buffer.alloc(32, 7) },
    )
    await aws(
      'import-key-material',
      ...key,
      ...['--encrypted-key-material', file('material', wrapped)],
      ...['--import-token', file('token', Buffer.from(parameters.ImportToken, 'base64'))],
      ...['--expiration-model', 'KEY_MATERIAL_DOES_NOT_EXPIRE'],
    )
    expect((await aws('describe-key', ...key)).KeyMetadata).toMatchObject({
      KeyState: 'Enabled',
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    })
    const made = await aws('encrypt', ...key, '--plaintext', file('text', 'imported'))
    const opened = await aws('decrypt', '--ciphertext-blob', file('blob', Buffer.from(made.CiphertextBlob, 'base64')))
    expect(Buffer.from(opened.Plaintext, 'base64').toString()).toBe('imported')
  }, 120_000)
})
