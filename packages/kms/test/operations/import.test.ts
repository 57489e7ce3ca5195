import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { failureOf, testBed } from '../support/client.ts'
import { bytes, createKey } from '../support/keys.ts'
import { openssl } from '../support/openssl.ts'

const FOREVER = { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } as const
const oaep = (hash: string) => ['-pkeyopt', 'rsa_padding_mode:oaep', '-pkeyopt', `rsa_oaep_md:${hash}`]
const material = (n: number) => Uint8Array.from({ length: 32 }, (_, at) => n + at)

/** Material wrapped under a public key by OpenSSL, as an owner of keys does it. */
function wrap(publicKey: Uint8Array | undefined, clear: Uint8Array, hash = 'sha256'): Buffer {
  const files = { key: publicKey ?? '', clear }
  const args = ['pkeyutl', '-encrypt', '-pubin', '-keyform', 'DER', '-inkey', 'key', '-in', 'clear', '-out', 'out']
  return openssl([...args, ...oaep(hash)], files)
}

/** An AES key wrapped by RSA-OAEP, then the material wrapped by that key as RFC 5649 says. */
function wrapInTwo(publicKey: Uint8Array | undefined, clear: Uint8Array, hash: string): Buffer {
  const inner = Uint8Array.from({ length: 32 }, (_, at) => 200 - at)
  const K = Buffer.from(inner).toString('hex')
  const args = ['enc', '-id-aes256-wrap-pad', '-e', '-K', K, '-iv', 'A65959A6', '-in', 'clear', '-out', 'out']
  return Buffer.concat([wrap(publicKey, inner, hash), openssl(args, { clear })])
}

async function external() {
  const bed = await testBed()
  const key = await createKey(bed.client, { Origin: 'EXTERNAL' })
  const { client } = bed
  const parameters = (input: Partial<sdk.GetParametersForImportCommandInput> = {}) =>
    client.send(
      new sdk.GetParametersForImportCommand({
        KeyId: key.id,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: 'RSA_2048',
        ...input,
      }),
    )
  const load = async (clear: Uint8Array, input: Partial<sdk.ImportKeyMaterialCommandInput> = FOREVER) => {
    const { ImportToken, PublicKey } = await parameters()
    const EncryptedKeyMaterial = wrap(PublicKey, clear)
    return client.send(new sdk.ImportKeyMaterialCommand({ KeyId: key.id, ImportToken, EncryptedKeyMaterial, ...input }))
  }
  const describeKey = async () => (await client.send(new sdk.DescribeKeyCommand({ KeyId: key.id }))).KeyMetadata
  const list = async () => {
    const request = { KeyId: key.id, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' as const }
    return (await client.send(new sdk.ListKeyRotationsCommand(request))).Rotations ?? []
  }
  const seal = async () =>
    (await client.send(new sdk.EncryptCommand({ KeyId: key.id, Plaintext: bytes('x') }))).CiphertextBlob
  return { ...bed, key, parameters, load, describeKey, list, seal }
}

describe('material wrapped by OpenSSL', () => {
  it.each([
    ['RSAES_OAEP_SHA_256', 'RSA_2048', (pub, clear) => wrap(pub, clear, 'sha256')],
    ['RSAES_OAEP_SHA_1', 'RSA_3072', (pub, clear) => wrap(pub, clear, 'sha1')],
    ['RSA_AES_KEY_WRAP_SHA_256', 'RSA_4096', (pub, clear) => wrapInTwo(pub, clear, 'sha256')],
    ['RSA_AES_KEY_WRAP_SHA_1', 'RSA_2048', (pub, clear) => wrapInTwo(pub, clear, 'sha1')],
  ] as const satisfies readonly (readonly [
    sdk.AlgorithmSpec,
    sdk.WrappingKeySpec,
    (publicKey: Uint8Array | undefined, clear: Uint8Array) => Buffer,
  ])[])('is imported with %s under %s', async (WrappingAlgorithm, WrappingKeySpec, wrapped) => {
    const { client, key, parameters, describeKey, seal } = await external()
    const { ImportToken, PublicKey, KeyId, ParametersValidTo } = await parameters({
      WrappingAlgorithm,
      WrappingKeySpec,
    })
    expect(KeyId).toBe(key.arn)
    expect(Number(ParametersValidTo) - Date.now()).toBeGreaterThan(23 * 3_600_000)
    const EncryptedKeyMaterial = wrapped(PublicKey, material(1))
    const imported = await client.send(
      new sdk.ImportKeyMaterialCommand({ KeyId: key.id, ImportToken, EncryptedKeyMaterial, ...FOREVER }),
    )
    expect(imported.KeyId).toBe(key.arn)
    expect(imported.KeyMaterialId).toMatch(/^[0-9a-f]{64}$/)
    expect(await describeKey()).toMatchObject({
      KeyState: 'Enabled',
      Enabled: true,
      Origin: 'EXTERNAL',
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      CurrentKeyMaterialId: imported.KeyMaterialId,
    })
    const opened = await client.send(new sdk.DecryptCommand({ CiphertextBlob: await seal() }))
    expect(opened.KeyMaterialId).toBe(imported.KeyMaterialId)
  })
})

describe('a key that waits for material', () => {
  it('is described without any', async () => {
    const { describeKey } = await external()
    const metadata = await describeKey()
    expect(metadata).toMatchObject({ KeyState: 'PendingImport', Enabled: false, Origin: 'EXTERNAL' })
    for (const member of ['ExpirationModel', 'ValidTo', 'CurrentKeyMaterialId'])
      expect(metadata).not.toHaveProperty(member)
  })

  it('makes no data keys', async () => {
    const { client, key } = await external()
    const made = client.send(new sdk.GenerateDataKeyCommand({ KeyId: key.id, KeySpec: 'AES_256' }))
    expect(await failureOf(made)).toEqual({
      name: 'KMSInvalidStateException',
      message: `${key.arn} is pending import.`,
      status: 400,
    })
  })

  it('refuses wrapping that AWS has given up or has only in China', async () => {
    const { parameters } = await external()
    for (const input of [
      { WrappingAlgorithm: 'RSAES_PKCS1_V1_5' },
      { WrappingAlgorithm: 'SM2PKE' },
      { WrappingKeySpec: 'SM2' },
    ] as const) {
      expect((await failureOf(parameters(input))).name).toBe('UnsupportedOperationException')
    }
  })
})

describe('an import', () => {
  it('is refused with the token of another key, an altered token, and a token past its day', async () => {
    const { client, key, parameters, kms } = await external()
    const other = await createKey(client, { Origin: 'EXTERNAL' })
    const { ImportToken = new Uint8Array(), PublicKey } = await parameters()
    const EncryptedKeyMaterial = wrap(PublicKey, material(1))
    const ask = (input: Partial<sdk.ImportKeyMaterialCommandInput>) =>
      failureOf(
        client.send(
          new sdk.ImportKeyMaterialCommand({ KeyId: key.id, ImportToken, EncryptedKeyMaterial, ...FOREVER, ...input }),
        ),
      )
    expect((await ask({ KeyId: other.id })).name).toBe('InvalidImportTokenException')
    // Of each part of the token a byte: version, kind, algorithm, domain key, date, vector, key and tag.
    for (const at of [0, 1, 2, 3, 18, 19, 26, 30, ImportToken.length >> 1, ImportToken.length - 1]) {
      const altered = ImportToken.slice()
      altered[at] = (altered[at] ?? 0) ^ 1
      const refused = await ask({ ImportToken: altered })
      expect({ at, ...refused }).toMatchObject({ at, name: 'InvalidImportTokenException', status: 400 })
    }
    expect((await ask({ ImportToken: bytes('rubbish') })).name).toBe('InvalidImportTokenException')
    await kms.clock.advance({ hours: 24, minutes: 1 })
    expect((await ask({})).name).toBe('ExpiredImportTokenException')
  })

  it('is refused with a token whose domain key has departed', async () => {
    const { kms, parameters, client, key } = await external()
    const { ImportToken, PublicKey } = await parameters()
    const EncryptedKeyMaterial = wrap(PublicKey, material(1))
    for (let n = 0; n < 8; n++) await kms.rotateDomainKey()
    const late = new sdk.ImportKeyMaterialCommand({ KeyId: key.id, ImportToken, EncryptedKeyMaterial, ...FOREVER })
    expect(await failureOf(client.send(late))).toMatchObject({ name: 'InvalidImportTokenException', status: 400 })
  })

  it('is refused where the material does not unwrap, or is not 256 bits', async () => {
    const { client, key, parameters, load, describeKey } = await external()
    const { ImportToken } = await parameters()
    const EncryptedKeyMaterial = new Uint8Array(256).fill(1)
    const garbled = client.send(
      new sdk.ImportKeyMaterialCommand({ KeyId: key.id, ImportToken, EncryptedKeyMaterial, ...FOREVER }),
    )
    expect((await failureOf(garbled)).name).toBe('InvalidCiphertextException')
    for (const length of [16, 31, 33]) {
      expect((await failureOf(load(new Uint8Array(length).fill(1)))).name).toBe('IncorrectKeyMaterialException')
    }
    expect((await describeKey())?.KeyState).toBe('PendingImport')
  })

  it('needs a date where the material expires, in the next 365 days', async () => {
    const { load, kms } = await external()
    const inDays = (days: number) => new Date(kms.clock.now().getTime() + days * 86_400_000)
    const refused = async (input: Partial<sdk.ImportKeyMaterialCommandInput>) => failureOf(load(material(1), input))
    expect(await refused({})).toEqual({
      name: 'ValidationException',
      message: 'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES',
      status: 400,
    })
    expect((await refused({ ValidTo: inDays(-1) })).name).toBe('ValidationException')
    expect((await refused({ ValidTo: inDays(366) })).name).toBe('ValidationException')
    expect((await refused({ ...FOREVER, ValidTo: inDays(1) })).name).toBe('ValidationException')
    expect((await refused({ ValidTo: inDays(364) })).name).toBe('success')
  })

  it('of other material than before is refused', async () => {
    const { load, client, key } = await external()
    await load(material(1))
    expect((await failureOf(load(material(2)))).name).toBe('IncorrectKeyMaterialException')
    await client.send(new sdk.DeleteImportedKeyMaterialCommand({ KeyId: key.id }))
    expect((await failureOf(load(material(2)))).name).toBe('IncorrectKeyMaterialException')
    await load(material(1))
  })

  it('may say which material it is, and is held to it', async () => {
    const { load } = await external()
    const { KeyMaterialId } = await load(material(1))
    expect((await failureOf(load(material(1), { ...FOREVER, KeyMaterialId }))).name).toBe('success')
    const other = { ...FOREVER, KeyMaterialId: 'ab'.repeat(32) }
    expect((await failureOf(load(material(1), other))).name).toBe('IncorrectKeyMaterialException')
    const asNew = { ...FOREVER, KeyMaterialId, ImportType: 'NEW_KEY_MATERIAL' as const }
    expect((await failureOf(load(material(2), asNew))).name).toBe('ValidationException')
  })

  it('of known material as new is refused', async () => {
    const { load } = await external()
    const asNew = { ...FOREVER, ImportType: 'NEW_KEY_MATERIAL' as const }
    await load(material(1), asNew)
    expect((await failureOf(load(material(1), asNew))).name).toBe('IncorrectKeyMaterialException')
  })

  it('as known material is refused where none was', async () => {
    const { load } = await external()
    const known = { ...FOREVER, ImportType: 'EXISTING_KEY_MATERIAL' as const }
    expect((await failureOf(load(material(1), known))).name).toBe('IncorrectKeyMaterialException')
  })

  it('gives the same material the same id in one key, and another in another', async () => {
    const one = await external()
    const other = await external()
    const { KeyMaterialId } = await one.load(material(1))
    expect((await one.load(material(1))).KeyMaterialId).toBe(KeyMaterialId)
    expect((await other.load(material(1))).KeyMaterialId).not.toBe(KeyMaterialId)
  })
})

describe('imported material', () => {
  it('is gone when it is deleted, and opens everything when it comes back', async () => {
    const { load, client, key, describeKey, seal, list } = await external()
    const { KeyMaterialId } = await load(material(1), { ...FOREVER, KeyMaterialDescription: 'from the vault' })
    const CiphertextBlob = await seal()
    const deleted = await client.send(new sdk.DeleteImportedKeyMaterialCommand({ KeyId: key.id }))
    expect(deleted).toMatchObject({ KeyId: key.arn, KeyMaterialId })
    const metadata = await describeKey()
    expect(metadata).toMatchObject({ KeyState: 'PendingImport', CurrentKeyMaterialId: KeyMaterialId })
    expect(metadata).not.toHaveProperty('ExpirationModel')
    expect((await failureOf(client.send(new sdk.DecryptCommand({ CiphertextBlob })))).name).toBe(
      'KMSInvalidStateException',
    )
    expect(await list()).toEqual([
      {
        KeyId: key.arn,
        KeyMaterialId,
        KeyMaterialState: 'CURRENT',
        KeyMaterialDescription: 'from the vault',
        ImportState: 'PENDING_IMPORT',
      },
    ])
    await client.send(new sdk.DeleteImportedKeyMaterialCommand({ KeyId: key.id }))
    await load(material(1))
    const opened = await client.send(new sdk.DecryptCommand({ CiphertextBlob }))
    expect(opened.KeyMaterialId).toBe(KeyMaterialId)
    expect(await list()).toEqual([
      expect.objectContaining({ ImportState: 'IMPORTED', KeyMaterialDescription: 'from the vault' }),
    ])
  })

  it('expires when its time comes', async () => {
    const { load, kms, client, describeKey, seal } = await external()
    const ValidTo = new Date(Math.floor(kms.clock.now().getTime() / 1000) * 1000 + 10 * 86_400_000)
    await load(material(1), { ValidTo })
    expect(await describeKey()).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo })
    const CiphertextBlob = await seal()
    await kms.clock.advance({ days: 9 })
    await expect(client.send(new sdk.DecryptCommand({ CiphertextBlob }))).resolves.toBeDefined()
    await kms.clock.advance({ days: 2 })
    expect(await describeKey()).toMatchObject({ KeyState: 'PendingImport', Enabled: false })
    expect((await failureOf(client.send(new sdk.DecryptCommand({ CiphertextBlob })))).name).toBe(
      'KMSInvalidStateException',
    )
    await load(material(1))
    await expect(client.send(new sdk.DecryptCommand({ CiphertextBlob }))).resolves.toBeDefined()
    await kms.clock.advance({ days: 400 })
    expect((await describeKey())?.KeyState).toBe('Enabled')
  })

  it('can go while the key waits for its deletion, whose state stays', async () => {
    const { load, client, key, describeKey } = await external()
    await load(material(1))
    await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId: key.id }))
    await client.send(new sdk.DeleteImportedKeyMaterialCommand({ KeyId: key.id }))
    expect((await describeKey())?.KeyState).toBe('PendingDeletion')
    await client.send(new sdk.CancelKeyDeletionCommand({ KeyId: key.id }))
    expect((await describeKey())?.KeyState).toBe('PendingImport')
  })

  it('may come again while the key is disabled, which it stays', async () => {
    const { load, client, key, describeKey } = await external()
    await load(material(1))
    await client.send(new sdk.DisableKeyCommand({ KeyId: key.id }))
    await load(material(1))
    expect((await describeKey())?.KeyState).toBe('Disabled')
  })

  it('is deleted by its id, and only where it is there', async () => {
    const { load, client, key } = await external()
    const { KeyMaterialId } = await load(material(1))
    const remove = (id?: string) =>
      failureOf(
        client.send(new sdk.DeleteImportedKeyMaterialCommand({ KeyId: key.id, ...(id && { KeyMaterialId: id }) })),
      )
    expect((await remove('ab'.repeat(32))).name).toBe('NotFoundException')
    expect((await remove(KeyMaterialId)).name).toBe('success')
  })
})

describe('several materials', () => {
  const asNew = { ...FOREVER, ImportType: 'NEW_KEY_MATERIAL' as const }

  it('take turns: the new one waits for a rotation on demand', async () => {
    const { load, client, key, describeKey, seal, list } = await external()
    const { KeyMaterialId: first } = await load(material(1))
    const before = await seal()
    const { KeyMaterialId: second } = await load(material(2), asNew)
    expect((await describeKey())?.CurrentKeyMaterialId).toBe(first)
    expect((await list()).map(({ KeyMaterialState }) => KeyMaterialState)).toEqual(['CURRENT', 'PENDING_ROTATION'])
    await client.send(new sdk.RotateKeyOnDemandCommand({ KeyId: key.id }))
    expect((await describeKey())?.CurrentKeyMaterialId).toBe(second)
    expect(await list()).toEqual([
      expect.objectContaining({ KeyMaterialId: first, KeyMaterialState: 'NON_CURRENT' }),
      expect.objectContaining({ KeyMaterialId: second, KeyMaterialState: 'CURRENT', RotationType: 'ON_DEMAND' }),
    ])
    const opened = await client.send(new sdk.DecryptCommand({ CiphertextBlob: before }))
    expect(opened.KeyMaterialId).toBe(first)
    const after = await client.send(new sdk.DecryptCommand({ CiphertextBlob: await seal() }))
    expect(after.KeyMaterialId).toBe(second)
  })

  it('wait one at a time', async () => {
    const { load, key } = await external()
    await load(material(1))
    const { KeyMaterialId: waiting } = await load(material(2), asNew)
    const { name, message } = await failureOf(load(material(3), asNew))
    expect(name).toBe('KMSInvalidStateException')
    expect(message).toMatch(
      new RegExp(
        `^New key material \\(id: [0-9a-f]{64}\\) cannot be imported into KMS key ${key.arn}, because another key material \\(id: ${waiting}\\) is pending rotation\\.$`,
      ),
    )
  })

  it('must be there before the key rotates to them', async () => {
    const { load, client, key } = await external()
    await load(material(1))
    expect(await failureOf(client.send(new sdk.RotateKeyOnDemandCommand({ KeyId: key.id })))).toEqual({
      name: 'KMSInvalidStateException',
      message: `No available key material pending rotation for the key: ${key.arn}.`,
      status: 400,
    })
  })

  it('must all be there for the key to be used', async () => {
    const { load, client, key, describeKey } = await external()
    const { KeyMaterialId: first } = await load(material(1))
    await load(material(2), asNew)
    await client.send(new sdk.RotateKeyOnDemandCommand({ KeyId: key.id }))
    await client.send(new sdk.DeleteImportedKeyMaterialCommand({ KeyId: key.id, KeyMaterialId: first }))
    expect((await describeKey())?.KeyState).toBe('PendingImport')
    await load(material(1))
    expect((await describeKey())?.KeyState).toBe('Enabled')
  })

  it('leave no trace when they are deleted before their turn', async () => {
    const { load, client, key, describeKey, list } = await external()
    await load(material(1))
    const { KeyMaterialId } = await load(material(2), asNew)
    await client.send(new sdk.DeleteImportedKeyMaterialCommand({ KeyId: key.id, KeyMaterialId }))
    expect((await describeKey())?.KeyState).toBe('Enabled')
    expect(await list()).toHaveLength(1)
    await load(material(3), asNew)
  })
})
