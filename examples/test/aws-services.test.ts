import { generateKeyPairSync } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  KmsKeyringNode,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
  RawRsaKeyringNode,
} from '@aws-crypto/client-node'
import { KMS } from '@aws-sdk/client-kms'
import { type LocalKms, localKms } from '@bongtu/kms'
import { kmsClient } from 'bongtu'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { customSender } from '../aws-services/cognito-sender.ts'
import { storedCustomerInput } from '../aws-services/connect-input.ts'
import { databaseActivity } from '../aws-services/database-activity.ts'

/** As the services do: signed, without key commitment. */
const service = buildClient(CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT)
const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384

let kms: LocalKms
let keyArn: string

beforeAll(async () => {
  kms = await localKms({ memory: true })
  keyArn = await kms.ensureAlias('alias/service')
})
afterAll(() => kms.close())

describe('a record of a database activity stream', () => {
  const events = { databaseActivityEventList: [{ type: 'record', command: 'SELECT' }] }

  async function record(context: Readonly<Record<string, string>>) {
    const wrapped = await new KMS(kms.clientConfig()).generateDataKey({
      KeyId: keyArn,
      KeySpec: 'AES_256',
      EncryptionContext: context,
    })
    const keyring = new RawAesKeyringNode({
      keyNamespace: 'BC',
      keyName: 'DataKey',
      unencryptedMasterKey: Uint8Array.from(wrapped.Plaintext ?? []),
      wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
    })
    const { result } = await service.encrypt(keyring, gzipSync(JSON.stringify(events)), { suiteId })
    const key = Buffer.from(wrapped.CiphertextBlob ?? []).toString('base64')
    return { databaseActivityEvents: result.toString('base64'), key }
  }

  it.each([
    ['cluster-ABCD', { 'aws:rds:dbc-id': 'cluster-ABCD' }],
    ['db-ABCD', { 'aws:rds:db-id': 'db-ABCD' }],
  ])('opens, of %s', async (resourceId, context) => {
    const { region, endpoint, credentials } = kms.clientConfig()
    const client = kmsClient({ region, endpoint, credentials, fetch: kms.handle })
    expect(await databaseActivity(await record(context), resourceId, keyArn, client)).toEqual(events)
    await expect(databaseActivity(await record(context), 'cluster-OTHER', keyArn, client)).rejects.toThrow()
  })
})

describe('an event for a custom sender of Cognito', () => {
  it('hands its code to the function that sends it', async () => {
    const keyring = new KmsKeyringNode({
      generatorKeyId: keyArn,
      clientProvider: () => new KMS(kms.clientConfig()) as never,
    })
    const { result } = await service.encrypt(keyring, Buffer.from('123456'), { suiteId })
    const sent: string[] = []
    const handle = customSender(keyArn, async (to, code) => void sent.push(`${to} ${code}`), kms)
    const userAttributes = { email: 'a@example.com' }
    await handle({ request: { code: result.toString('base64'), userAttributes } })
    await handle({ request: { userAttributes } })
    expect(sent).toEqual(['a@example.com 123456'])
  })
})

describe('stored customer input of Amazon Connect', () => {
  it('opens with the private key', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 4096,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    const keyring = new RawRsaKeyringNode({
      keyNamespace: 'AmazonConnect',
      keyName: 'key-1',
      rsaKey: { publicKey },
      oaepHash: 'sha512',
    })
    const { result } = await service.encrypt(keyring, Buffer.from('4111111111111111'), { suiteId })
    expect(await storedCustomerInput(result.toString('base64'), 'key-1', privateKey)).toBe('4111111111111111')
  })
})
