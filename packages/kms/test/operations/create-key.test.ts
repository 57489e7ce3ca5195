import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { failureOf, testBed } from '../support/client.ts'
import { createKey } from '../support/keys.ts'

describe('a new key', () => {
  it('is described as AWS describes it', async () => {
    const { client } = await testBed()
    const { metadata, id } = await createKey(client, { Description: 'mine' })
    expect(metadata).toEqual({
      AWSAccountId: '111122223333',
      KeyId: id,
      Arn: `arn:aws:kms:us-east-1:111122223333:key/${id}`,
      CreationDate: expect.any(Date),
      Enabled: true,
      Description: 'mine',
      KeyUsage: 'ENCRYPT_DECRYPT',
      KeyState: 'Enabled',
      Origin: 'AWS_KMS',
      KeyManager: 'CUSTOMER',
      CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      KeySpec: 'SYMMETRIC_DEFAULT',
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      MultiRegion: false,
      CurrentKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: id }))
    expect(KeyMetadata).toEqual(metadata)
  })

  it('takes a new description', async () => {
    const { client } = await testBed()
    const { id: KeyId } = await createKey(client)
    await client.send(new sdk.UpdateKeyDescriptionCommand({ KeyId, Description: 'other' }))
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId }))
    expect(KeyMetadata?.Description).toBe('other')
  })

  it('is disabled and enabled, as often as one likes', async () => {
    const { client } = await testBed()
    const { id: KeyId } = await createKey(client)
    const enabled = async () => (await client.send(new sdk.DescribeKeyCommand({ KeyId }))).KeyMetadata?.Enabled
    for (const step of [false, false, true, true]) {
      await client.send(step ? new sdk.EnableKeyCommand({ KeyId }) : new sdk.DisableKeyCommand({ KeyId }))
      expect(await enabled()).toBe(step)
    }
  })

  it('may be asked for by the old name of its spec', async () => {
    const { client } = await testBed()
    const { metadata } = await createKey(client, { CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' })
    expect(metadata.KeySpec).toBe('SYMMETRIC_DEFAULT')
  })
})

describe('a key that cannot be', () => {
  const MISSING_USAGE = 'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.'

  it.each([
    [{ KeySpec: 'RSA_2048' }, 'ValidationException', MISSING_USAGE],
    [{ CustomerMasterKeySpec: 'HMAC_256' }, 'ValidationException', MISSING_USAGE],
    [
      { KeySpec: 'RSA_2048', KeyUsage: 'KEY_AGREEMENT' },
      'ValidationException',
      'KeyUsage KEY_AGREEMENT is not compatible with KeySpec RSA_2048',
    ],
    [
      { KeyUsage: 'SIGN_VERIFY' },
      'ValidationException',
      'KeyUsage SIGN_VERIFY is not compatible with KeySpec SYMMETRIC_DEFAULT',
    ],
    [
      { KeySpec: 'ML_KEM_768', KeyUsage: 'SIGN_VERIFY' },
      'ValidationException',
      'KeyUsage SIGN_VERIFY is not compatible with KeySpec ML_KEM_768',
    ],
    [
      { KeySpec: 'SYMMETRIC_DEFAULT', CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' },
      'ValidationException',
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    ],
    [{ Origin: 'AWS_CLOUDHSM' }, 'ValidationException', undefined],
    [{ Origin: 'EXTERNAL_KEY_STORE' }, 'ValidationException', undefined],
    [{ XksKeyId: 'x' }, 'ValidationException', undefined],
    [{ CustomKeyStoreId: 'cks-1', Origin: 'AWS_CLOUDHSM' }, 'CustomKeyStoreNotFoundException', undefined],
    [{ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }, 'UnsupportedOperationException', undefined],
    [{ MultiRegion: true, Origin: 'EXTERNAL' }, 'UnsupportedOperationException', undefined],
  ] satisfies readonly (readonly [sdk.CreateKeyCommandInput, string, string | undefined])[])(
    '%j is %s',
    async (input, name, message) => {
      const { client } = await testBed()
      const failure = await failureOf(client.send(new sdk.CreateKeyCommand(input)))
      expect(failure).toMatchObject({ name, status: 400, ...(message && { message }) })
      expect((await client.send(new sdk.ListKeysCommand({}))).Keys).toEqual([])
    },
  )
})

describe('what is not built yet', () => {
  const KeyId = '00000000-0000-4000-8000-000000000000'
  const some = new Uint8Array(4)
  const later: readonly (readonly [string, (client: sdk.KMSClient) => Promise<unknown>])[] = [
    ['ConnectCustomKeyStore', (c) => c.send(new sdk.ConnectCustomKeyStoreCommand({ CustomKeyStoreId: 'x' }))],
    ['CreateCustomKeyStore', (c) => c.send(new sdk.CreateCustomKeyStoreCommand({ CustomKeyStoreName: 'x' }))],
    [
      'CreateGrant',
      (c) => c.send(new sdk.CreateGrantCommand({ KeyId, Operations: ['Decrypt'], GranteePrincipal: 'x' })),
    ],
    [
      'Decapsulate',
      (c) =>
        c.send(
          new sdk.DecapsulateCommand({ KeyId, SharedSecretCiphertextBlob: some, EncapsulationAlgorithm: 'ML_KEM' }),
        ),
    ],
    ['DeleteCustomKeyStore', (c) => c.send(new sdk.DeleteCustomKeyStoreCommand({ CustomKeyStoreId: 'x' }))],
    [
      'DeriveSharedSecret',
      (c) => c.send(new sdk.DeriveSharedSecretCommand({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey: some })),
    ],
    ['DescribeCustomKeyStores', (c) => c.send(new sdk.DescribeCustomKeyStoresCommand({}))],
    ['DisconnectCustomKeyStore', (c) => c.send(new sdk.DisconnectCustomKeyStoreCommand({ CustomKeyStoreId: 'x' }))],
    ['Encapsulate', (c) => c.send(new sdk.EncapsulateCommand({ KeyId, EncapsulationAlgorithm: 'ML_KEM' }))],
    ['GenerateDataKeyPair', (c) => c.send(new sdk.GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: 'RSA_2048' }))],
    [
      'GenerateDataKeyPairWithoutPlaintext',
      (c) => c.send(new sdk.GenerateDataKeyPairWithoutPlaintextCommand({ KeyId, KeyPairSpec: 'RSA_2048' })),
    ],
    ['GenerateMac', (c) => c.send(new sdk.GenerateMacCommand({ KeyId, Message: some, MacAlgorithm: 'HMAC_SHA_256' }))],
    ['GetKeyLastUsage', (c) => c.send(new sdk.GetKeyLastUsageCommand({ KeyId }))],
    ['GetPublicKey', (c) => c.send(new sdk.GetPublicKeyCommand({ KeyId }))],
    ['ReplicateKey', (c) => c.send(new sdk.ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }))],
    ['RetireGrant', (c) => c.send(new sdk.RetireGrantCommand({}))],
    ['RevokeGrant', (c) => c.send(new sdk.RevokeGrantCommand({ KeyId, GrantId: 'x' }))],
    ['Sign', (c) => c.send(new sdk.SignCommand({ KeyId, Message: some, SigningAlgorithm: 'ECDSA_SHA_256' }))],
    ['UpdateCustomKeyStore', (c) => c.send(new sdk.UpdateCustomKeyStoreCommand({ CustomKeyStoreId: 'x' }))],
    ['UpdatePrimaryRegion', (c) => c.send(new sdk.UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: 'eu-west-1' }))],
    [
      'Verify',
      (c) =>
        c.send(new sdk.VerifyCommand({ KeyId, Message: some, Signature: some, SigningAlgorithm: 'ECDSA_SHA_256' })),
    ],
    [
      'VerifyMac',
      (c) => c.send(new sdk.VerifyMacCommand({ KeyId, Message: some, Mac: some, MacAlgorithm: 'HMAC_SHA_256' })),
    ],
  ]

  it('is the 22 operations beside the 34 that are', () => {
    expect(later).toHaveLength(22)
  })

  it.each(later)('%s answers UnsupportedOperationException', async (_, call) => {
    const { client } = await testBed()
    expect(await failureOf(call(client))).toMatchObject({ name: 'UnsupportedOperationException', status: 400 })
  })
})
