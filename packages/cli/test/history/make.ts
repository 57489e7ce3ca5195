/**
 * usage: node --import tsx --conditions @bongtu/source packages/cli/test/history/make.ts FOLDER
 *
 * Writes into FOLDER what the bongtu of this checkout writes: a KMS store, backups, a seed, token files and messages, and
 * `contents.json`, which says what is in them. Run it once for a version that others may have used, and commit the folder.
 * Every secret in it is for tests.
 */
import { execFileSync } from 'node:child_process'
import { constants, generateKeyPairSync, publicEncrypt } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import * as sdk from '@aws-sdk/client-kms'
import { encrypt, type Keyring } from '@bongtu/client'
import { createEmbeddedToken, embeddedToken, localHsm, pkcs11Token } from '@bongtu/hsm'
import { awsKms, awsKmsMrk } from '@bongtu/keyrings/aws-kms'
import { multi } from '@bongtu/keyrings/multi'
import { rawAes } from '@bongtu/keyrings/raw-aes'
import { rawRsa } from '@bongtu/keyrings/raw-rsa'
import { type LocalKms, localKms, parseSeed } from '@bongtu/kms'
import { contentsOf } from './contents.ts'

const folder = resolve(process.argv[2] ?? '')
const at = (...names: string[]): string => join(folder, ...names)
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Far away, so that nothing in the store falls due in the years in which the tests run. */
const NOW = new Date('2090-01-01T00:00:00Z')
const MULTI_REGION = 'mrk-0123456789abcdef0123456789abcdef'
const SEED = `# Every member that a seed may have.
account: "111122223333"
region: us-east-1
credentials:
  - accessKeyId: AKIDFIXTURE
    secretAccessKey: fixture-secret-not-used-anywhere
    principal: arn:aws:iam::111122223333:user/fixture
keys:
  - id: ${MULTI_REGION}
    regions: [us-east-1, eu-west-1]
    description: of two Regions
    material: "${'0f'.repeat(32)}"
    createdAt: 2026-01-01T00:00:00Z
    rotations:
      - { date: 2026-06-01T00:00:00Z, type: AUTOMATIC, material: "${'1e'.repeat(32)}" }
      - { date: 2026-07-01T00:00:00Z, type: ON_DEMAND, material: "${'2d'.repeat(32)}" }
    aliases: [alias/seeded]
    tags: { team: blue }
  - id: 11111111-2222-4333-8444-555555555555
    origin: EXTERNAL
    material: "${'3c'.repeat(32)}"
    policy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: "*", Action: "kms:*", Resource: "*" }] }
  - id: 22222222-2222-4333-8444-555555555555
    enabled: false
    rotation: 365
aliases:
  - { name: alias/another, key: 11111111-2222-4333-8444-555555555555 }
`

interface Ciphertext {
  readonly name: string
  readonly keyId: string
  readonly ciphertext: string
  readonly plaintext: string
  readonly encryptionContext: Record<string, string>
}

const ciphertexts: Ciphertext[] = []

async function makeStore(): Promise<void> {
  const kms = await localKms({ directory: at('kms'), auth: 'off', onFailure: fail }, await parseSeed(SEED))
  await kms.clock.set(NOW)
  const client = new sdk.KMSClient(kms.clientConfig())
  const seal = async (name: string, keyId: string): Promise<void> => {
    const encryptionContext = { name }
    const sealed = await client.send(
      new sdk.EncryptCommand({ KeyId: keyId, Plaintext: bytes(name), EncryptionContext: encryptionContext }),
    )
    const generated = await client.send(
      new sdk.GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: encryptionContext }),
    )
    const of = (
      { CiphertextBlob }: { CiphertextBlob?: Uint8Array | undefined },
      plaintext: Uint8Array | undefined,
    ) => ({
      keyId,
      ciphertext: Buffer.from(CiphertextBlob ?? []).toString('base64'),
      plaintext: Buffer.from(plaintext ?? []).toString('base64'),
      encryptionContext,
    })
    ciphertexts.push(
      { name, ...of(sealed, bytes(name)) },
      { name: `${name}, data key`, ...of(generated, generated.Plaintext) },
    )
  }
  const create = async (input: sdk.CreateKeyCommandInput): Promise<string> =>
    (await client.send(new sdk.CreateKeyCommand(input))).KeyMetadata?.KeyId ?? ''
  const importInto = async (KeyId: string, material: Uint8Array, rest: Partial<sdk.ImportKeyMaterialCommandInput>) => {
    const { ImportToken, PublicKey = new Uint8Array() } = await client.send(
      new sdk.GetParametersForImportCommand({
        KeyId,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: 'RSA_2048',
      }),
    )
    const key = {
      key: Buffer.from(PublicKey),
      format: 'der',
      type: 'spki',
      padding: constants.RSA_PKCS1_OAEP_PADDING,
    } as const
    const EncryptedKeyMaterial = publicEncrypt({ ...key, oaepHash: 'sha256' }, material)
    await client.send(new sdk.ImportKeyMaterialCommand({ KeyId, ImportToken, EncryptedKeyMaterial, ...rest }))
  }

  const enabled = await create({
    Description: 'enabled, rotated, tagged, with a policy',
    Tags: [
      { TagKey: 'team', TagValue: 'red' },
      { TagKey: 'empty', TagValue: '' },
    ],
  })
  await client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/app', TargetKeyId: enabled }))
  await seal('before any rotation', enabled)
  await client.send(new sdk.RotateKeyOnDemandCommand({ KeyId: enabled }))
  await seal('after a rotation on demand', enabled)
  await client.send(new sdk.EnableKeyRotationCommand({ KeyId: enabled, RotationPeriodInDays: 90 }))
  await kms.clock.advance({ days: 91 })
  await seal('after a rotation by time', enabled)
  const statement = {
    Sid: 'Fixture',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111122223333:root' },
    Action: 'kms:*',
    Resource: '*',
  }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await client.send(new sdk.PutKeyPolicyCommand({ KeyId: enabled, PolicyName: 'default', Policy }))
  await kms.rotateDomainKey()

  const disabled = await create({ Description: 'disabled' })
  await seal('under a key that is disabled later', disabled)
  await client.send(new sdk.DisableKeyCommand({ KeyId: disabled }))

  const doomed = await create({ Description: 'pending deletion' })
  await seal('under a key that waits for its deletion', doomed)
  await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId: doomed, PendingWindowInDays: 30 }))

  await create({ Description: 'pending import', Origin: 'EXTERNAL' })

  const imported = await create({ Description: 'imported, does not expire', Origin: 'EXTERNAL' })
  await importInto(imported, new Uint8Array(32).fill(7), { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' })
  await seal('under imported material', imported)

  const expiring = await create({ Description: 'imported, expires', Origin: 'EXTERNAL' })
  const ValidTo = new Date(kms.clock.now().getTime() + 300 * 86_400_000)
  await importInto(expiring, new Uint8Array(32).fill(8), { ValidTo })
  await seal('under imported material that expires', expiring)

  const primary = await create({ Description: 'of several Regions', MultiRegion: true })
  await seal('under a multi-Region key', primary)
  await seal('under the multi-Region key of the seed', MULTI_REGION)
  await kms.rotateDomainKey()
  await client.send(
    new sdk.GenerateDataKeyCommand({ KeyId: await kms.ensureAlias('alias/bongtu'), KeySpec: 'AES_256' }),
  )

  writeFileSync(at('backup-without-passphrase.json'), await kms.backup())
  writeFileSync(at('backup-with-passphrase.json'), await kms.backup(bytes('fixture passphrase')))
  await makeMessages(kms)
  writeFileSync(at('contents.json'), `${JSON.stringify({ ciphertexts, ...(await contentsOf(kms)) }, null, 2)}\n`)
  await kms.close()
}

async function makeMessages(kms: LocalKms): Promise<void> {
  const write = async (name: string, keyring: Keyring, algorithmSuite = '0x0578'): Promise<void> => {
    const forbid = Number(algorithmSuite) < 0x0400
    const options = {
      keyring,
      algorithmSuite,
      encryptionContext: { fixture: name },
      frameLength: 16,
      ...(forbid ? { commitmentPolicy: 'forbid-encrypt-allow-decrypt' as const } : {}),
    }
    const { ciphertext } = await encrypt(bytes(`the plaintext of ${name}`), options)
    writeFileSync(at('messages', `${name}.esdk`), ciphertext)
  }
  const arn = await kms.ensureAlias('alias/app')
  const aes = rawAes({ namespace: 'fixture', name: 'aes', key: new Uint8Array(readFileSync(at('keys/aes'))) })
  const rsa = rawRsa({
    namespace: 'fixture',
    name: 'rsa',
    publicKey: readFileSync(at('keys/rsa.pub'), 'utf8'),
    padding: 'oaep-sha256',
  })
  for (const suite of [
    '0x0014',
    '0x0046',
    '0x0078',
    '0x0114',
    '0x0146',
    '0x0178',
    '0x0214',
    '0x0346',
    '0x0378',
    '0x0478',
    '0x0578',
  ]) {
    await write(`raw-aes-${suite}`, aes, suite)
  }
  await write('raw-rsa', rsa)
  await write('multi', multi({ generator: aes, children: [rsa] }))
  await write('aws-kms', awsKms({ keyId: arn, kms }))
  const mrk = `arn:aws:kms:us-east-1:111122223333:key/${MULTI_REGION}`
  await write('aws-kms-mrk', awsKmsMrk({ keyId: mrk, kms }))
  await makeTokens(write)
}

async function makeTokens(write: (name: string, keyring: Keyring) => Promise<void>): Promise<void> {
  for (const [name, passphrase] of [
    ['plain', undefined],
    ['sealed', bytes('fixture passphrase')],
  ] as const) {
    const options = { file: at(`token-${name}`), ...(passphrase === undefined ? {} : { passphrase }) }
    await createEmbeddedToken(options)
    const token = embeddedToken(options)
    await token.generateKey({ kind: 'aes', label: 'kek' })
    await token.generateKey({ kind: 'rsa', label: 'pair', bits: 2048 })
    await write(`token-file-${name}`, localHsm({ token, key: 'kek', namespace: 'fixture', name: 'kek' }))
    await write(
      `token-file-${name}-rsa`,
      localHsm({ token, key: 'pair', namespace: 'fixture', name: 'pair', padding: 'oaep-sha256' }),
    )
    await token.close()
  }
  const tokens = join(tmpdir(), 'bongtu-history-softhsm')
  rmSync(tokens, { recursive: true, force: true })
  mkdirSync(tokens)
  const configuration = join(tmpdir(), 'bongtu-history-softhsm.conf')
  writeFileSync(configuration, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`)
  process.env.SOFTHSM2_CONF = configuration
  execFileSync('softhsm2-util', [
    '--init-token',
    '--free',
    '--label',
    'fixture',
    '--so-pin',
    '12345678',
    '--pin',
    '271828',
  ])
  const pin = { file: at('keys/pin') }
  const uri = 'pkcs11:token=fixture?module-path=/usr/lib/softhsm/libsofthsm2.so'
  const token = pkcs11Token({ uri, pin })
  await token.generateKey({ kind: 'aes', label: 'kek' })
  await write('pkcs11', localHsm({ token, key: 'kek', namespace: 'fixture', name: 'kek' }))
  await token.close()
  cpSync(tokens, at('softhsm'), { recursive: true })
}

function makeKeys(): void {
  for (const name of ['keys', 'messages', 'kms']) mkdirSync(at(name), { recursive: true })
  writeFileSync(at('seed.yaml'), SEED)
  writeFileSync(
    at('keys/aes'),
    new Uint8Array(32).map((_, index) => 255 - index),
  )
  writeFileSync(at('keys/pin'), '271828\n', { mode: 0o600 })
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 })
  writeFileSync(at('keys/rsa.pub'), publicKey.export({ type: 'spki', format: 'pem' }))
  writeFileSync(at('keys/rsa.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
}

function fail(error: unknown): void {
  throw error
}

makeKeys()
await makeStore()
