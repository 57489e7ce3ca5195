import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
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
import { describe, expect, it } from 'vitest'
import { awsKeys, awsKmsServer } from './support/aws.ts'
import { bongtu } from './support/bongtu.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()

/** As the services do: signed, without key commitment, in Base64. */
const service = buildClient(CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT)
const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384

/** What the recipe of docs/aws-services.md pipes into the command, and what comes out. */
async function decrypted(key: string, message: Buffer): Promise<Buffer> {
  const argv = ['decrypt', '-k', key, '--commitment-policy', 'require-encrypt-allow-decrypt']
  const { code, stdout, stderr } = await bongtu(argv, { stdin: `${message.toString('base64')}\n` })
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}

describe('the command opens messages of AWS services', () => {
  it('database activity streams, with the key that AWS KMS unwrapped', async () => {
    const { kms } = await awsKmsServer()
    const client = new KMS(kms.clientConfig())
    const EncryptionContext = { 'aws:rds:dbc-id': 'cluster-ABCD123456' }
    const made = await client.generateDataKey({ KeyId: awsKeys.first, KeySpec: 'AES_256', EncryptionContext })
    const keyring = new RawAesKeyringNode({
      keyNamespace: 'BC',
      keyName: 'DataKey',
      unencryptedMasterKey: Uint8Array.from(made.Plaintext ?? []),
      wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
    })
    const { result } = await service.encrypt(keyring, gzipSync('{"databaseActivityEventList":[]}'), { suiteId })
    const { Plaintext } = await client.decrypt({ CiphertextBlob: made.CiphertextBlob, EncryptionContext })
    const path = folder.at('stream.aes')
    await writeFile(path, `${Buffer.from(Plaintext ?? []).toString('base64')}\n`, { mode: 0o600 })
    const opened = await decrypted(`raw-aes:BC/DataKey?key-file=${path}`, result)
    expect(gunzipSync(opened).toString()).toBe('{"databaseActivityEventList":[]}')
  })

  it('codes of Cognito, with the key of the user pool', async () => {
    const { kms } = await awsKmsServer()
    const clientProvider = () => new KMS(kms.clientConfig()) as never
    const keyring = new KmsKeyringNode({ generatorKeyId: awsKeys.first, clientProvider })
    const { result } = await service.encrypt(keyring, Buffer.from('123456'), { suiteId })
    expect((await decrypted(`aws-kms:${awsKeys.first}`, result)).toString()).toBe('123456')
  })

  it('stored customer input of Amazon Connect, with the private key', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    await writeFile(folder.at('connect.pem'), privateKey, { mode: 0o600 })
    const rsaKey = { publicKey }
    const keyring = new RawRsaKeyringNode({
      keyNamespace: 'AmazonConnect',
      keyName: 'key-1',
      rsaKey,
      oaepHash: 'sha512',
    })
    const { result } = await service.encrypt(keyring, Buffer.from('4111'), { suiteId })
    const key = `raw-rsa:AmazonConnect/key-1?private-key-file=${folder.at('connect.pem')}&padding=oaep-sha512`
    expect((await decrypted(key, result)).toString()).toBe('4111')
  })
})
