import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import type { KeyRecord, KeyState } from '../../src/keys/key-record.ts'
import { plainKey } from '../../src/keys/new-key.ts'
import { checkState, type StateRow } from '../../src/keys/states.ts'
import { KmsError } from '../../src/wire/errors.ts'
import { failureOf, testBed } from '../support/client.ts'

/** As the developer guide's table: allowed, DisabledException, KMSInvalidStateException, UnsupportedOperationException. */
type Cell = '+' | 'D' | 'I' | 'U'
const CODES = { D: 'DisabledException', I: 'KMSInvalidStateException', U: 'UnsupportedOperationException' } as const
const ALL_STATES = [
  'Enabled',
  'Disabled',
  'PendingDeletion',
  'PendingReplicaDeletion',
  'PendingImport',
  'Unavailable',
  'Creating',
  'Updating',
] as const satisfies readonly KeyState[]

describe('the table of key states', () => {
  const rows: readonly (readonly [StateRow, string])[] = [
    ['cryptographic', '+DIIIII+'],
    ['createGrant', '+DIII+I+'],
    ['read', '++++++++'],
    ['label', '++II++++'],
    ['enableOrDisable', '++III+II'],
    ['scheduleDeletion', '++II+++I'],
    ['cancelDeletion', 'II++IIII'],
    ['configureRotation', '+DIIUUI+'],
    ['rotationStatus', '+++++U++'],
    ['rotateOnDemand', '+DIIIUI+'],
    ['prepareImport', '++II+UII'],
    ['importMaterial', '++II+UI+'],
    ['deleteMaterial', '+++++III'],
    ['replicate', '+DIIIIII'],
    ['updatePrimary', '+DIIIII+'],
  ]
  const cells = rows.flatMap(([row, verdicts]) =>
    ALL_STATES.map((state, at) => ({ row, state, verdict: verdicts[at] as Cell })),
  )

  it.each(cells)('answers $verdict to $row in $state', ({ row, state, verdict }) => {
    const plain = plainKey({ account: '111122223333', region: 'us-east-1' }, 'id', 0, '')
    const key: KeyRecord = { ...plain, state, origin: 'EXTERNAL' }
    const check = () => checkState(key, row)
    if (verdict === '+') expect(check).not.toThrow()
    else expect(check).toThrow(expect.objectContaining({ code: CODES[verdict] }))
  })

  it.each([
    ['Disabled', 'cryptographic', 'is disabled.'],
    ['PendingDeletion', 'cryptographic', 'is pending deletion.'],
    ['PendingReplicaDeletion', 'label', 'is pending replica deletion.'],
    ['PendingImport', 'cryptographic', 'is pending import.'],
    ['Unavailable', 'cryptographic', 'is unavailable.'],
    ['Creating', 'cryptographic', 'is creating.'],
    ['Updating', 'enableOrDisable', 'is updating.'],
    ['Enabled', 'cancelDeletion', 'is not pending deletion.'],
    ['Unavailable', 'configureRotation', 'origin is AWS_KMS which is not valid for this operation.'],
  ] as const)('says that a key in %s %s: %s', (state, row, words) => {
    const key = { ...plainKey({ account: '111122223333', region: 'us-east-1' }, 'id', 0, ''), state }
    const message = `arn:aws:kms:us-east-1:111122223333:key/id ${words}`
    expect(() => checkState(key, row)).toThrow(new KmsError('NotFoundException', message).message)
  })
})

const REACHED = ['Enabled', 'Disabled', 'PendingDeletion', 'PendingReplicaDeletion', 'PendingImport'] as const
type Reached = (typeof REACHED)[number]

const MRK = 'mrk-0123456789abcdef0123456789abcdef'
const seed = { keys: [{ id: MRK, regions: ['us-east-1', 'eu-west-1'] }] }

interface Prepared {
  readonly client: sdk.KMSClient
  readonly KeyId: string
  /** A ciphertext that the key made before it came into its state; of another key where it never could. */
  readonly CiphertextBlob: Uint8Array
  readonly other: string
  readonly importing: Awaited<ReturnType<typeof importable>>
}

async function importable(client: sdk.KMSClient, KeyId: string) {
  const parameters = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const
  const { ImportToken = new Uint8Array(1) } = await client
    .send(new sdk.GetParametersForImportCommand(parameters))
    .catch(() => ({}) as { ImportToken?: Uint8Array })
  const ExpirationModel = 'KEY_MATERIAL_DOES_NOT_EXPIRE' as const
  return { KeyId, ImportToken, EncryptedKeyMaterial: new Uint8Array(256), ExpirationModel }
}

async function keyIn(state: Reached): Promise<Prepared> {
  const { client } = await testBed(seed)
  const create = async (input: sdk.CreateKeyCommandInput = {}) =>
    (await client.send(new sdk.CreateKeyCommand(input))).KeyMetadata?.KeyId ?? ''
  const other = await create()
  const KeyId =
    state === 'PendingReplicaDeletion' ? MRK : await create(state === 'PendingImport' ? { Origin: 'EXTERNAL' } : {})
  const source = state === 'PendingImport' ? other : KeyId
  const sealed = await client.send(new sdk.EncryptCommand({ KeyId: source, Plaintext: new Uint8Array(1) }))
  const importing = await importable(client, KeyId)
  if (state === 'Disabled') await client.send(new sdk.DisableKeyCommand({ KeyId }))
  if (state.endsWith('Deletion')) await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId }))
  const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId }))
  expect(KeyMetadata).toMatchObject({ KeyState: state, Enabled: state === 'Enabled' })
  return { client, KeyId, CiphertextBlob: sealed.CiphertextBlob ?? new Uint8Array(1), other, importing }
}

type Use = (prepared: Prepared) => Promise<unknown>
const Plaintext = new Uint8Array(1)
const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' },
  ],
})

/**
 * Operation, its cells in the order of REACHED, and a call that is right but for the state. An operation that is only for
 * imported material answers U on the other keys, after the state; `-`: the key that is in this state cannot show it.
 */
const uses: readonly (readonly [string, string, Use])[] = [
  ['Encrypt', '+DIII', ({ client, KeyId }) => client.send(new sdk.EncryptCommand({ KeyId, Plaintext }))],
  ['Decrypt', '+DII-', ({ client, CiphertextBlob }) => client.send(new sdk.DecryptCommand({ CiphertextBlob }))],
  [
    'ReEncrypt from',
    '+DII-',
    ({ client, CiphertextBlob, other }) =>
      client.send(new sdk.ReEncryptCommand({ CiphertextBlob, DestinationKeyId: other })),
  ],
  [
    'ReEncrypt to',
    '+DIII',
    async ({ client, KeyId, other }) => {
      const { CiphertextBlob } = await client.send(new sdk.EncryptCommand({ KeyId: other, Plaintext }))
      return client.send(new sdk.ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyId }))
    },
  ],
  [
    'GenerateDataKey',
    '+DIII',
    ({ client, KeyId }) => client.send(new sdk.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' })),
  ],
  [
    'GenerateDataKeyWithoutPlaintext',
    '+DIII',
    ({ client, KeyId }) => client.send(new sdk.GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256' })),
  ],
  ['DescribeKey', '+++++', ({ client, KeyId }) => client.send(new sdk.DescribeKeyCommand({ KeyId }))],
  ['GetKeyPolicy', '+++++', ({ client, KeyId }) => client.send(new sdk.GetKeyPolicyCommand({ KeyId }))],
  ['PutKeyPolicy', '+++++', ({ client, KeyId }) => client.send(new sdk.PutKeyPolicyCommand({ KeyId, Policy: policy }))],
  ['ListAliases', '+++++', ({ client, KeyId }) => client.send(new sdk.ListAliasesCommand({ KeyId }))],
  ['ListKeyPolicies', '+++++', ({ client, KeyId }) => client.send(new sdk.ListKeyPoliciesCommand({ KeyId }))],
  ['ListGrants', '+++++', ({ client, KeyId }) => client.send(new sdk.ListGrantsCommand({ KeyId }))],
  ['ListResourceTags', '+++++', ({ client, KeyId }) => client.send(new sdk.ListResourceTagsCommand({ KeyId }))],
  ['ListKeyRotations', '+++++', ({ client, KeyId }) => client.send(new sdk.ListKeyRotationsCommand({ KeyId }))],
  [
    'CreateAlias',
    '++II+',
    ({ client, KeyId }) => client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/new', TargetKeyId: KeyId })),
  ],
  [
    'UpdateAlias',
    '++II+',
    async ({ client, KeyId, other }) => {
      await client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/moved', TargetKeyId: other }))
      return client.send(new sdk.UpdateAliasCommand({ AliasName: 'alias/moved', TargetKeyId: KeyId }))
    },
  ],
  [
    'TagResource',
    '++II+',
    ({ client, KeyId }) => client.send(new sdk.TagResourceCommand({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] })),
  ],
  [
    'UntagResource',
    '++II+',
    ({ client, KeyId }) => client.send(new sdk.UntagResourceCommand({ KeyId, TagKeys: ['a'] })),
  ],
  [
    'UpdateKeyDescription',
    '++II+',
    ({ client, KeyId }) => client.send(new sdk.UpdateKeyDescriptionCommand({ KeyId, Description: 'new' })),
  ],
  ['EnableKey', '++III', ({ client, KeyId }) => client.send(new sdk.EnableKeyCommand({ KeyId }))],
  ['DisableKey', '++III', ({ client, KeyId }) => client.send(new sdk.DisableKeyCommand({ KeyId }))],
  ['ScheduleKeyDeletion', '++II+', ({ client, KeyId }) => client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId }))],
  ['CancelKeyDeletion', 'II++I', ({ client, KeyId }) => client.send(new sdk.CancelKeyDeletionCommand({ KeyId }))],
  ['EnableKeyRotation', '+DIIU', ({ client, KeyId }) => client.send(new sdk.EnableKeyRotationCommand({ KeyId }))],
  ['DisableKeyRotation', '+DIIU', ({ client, KeyId }) => client.send(new sdk.DisableKeyRotationCommand({ KeyId }))],
  ['GetKeyRotationStatus', '+++++', ({ client, KeyId }) => client.send(new sdk.GetKeyRotationStatusCommand({ KeyId }))],
  ['RotateKeyOnDemand', '+DIII', ({ client, KeyId }) => client.send(new sdk.RotateKeyOnDemandCommand({ KeyId }))],
  [
    'GetParametersForImport',
    'UUII+',
    ({ client, KeyId }) =>
      client.send(
        new sdk.GetParametersForImportCommand({
          KeyId,
          WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
          WrappingKeySpec: 'RSA_2048',
        }),
      ),
  ],
  ['ImportKeyMaterial', 'UUII-', ({ client, importing }) => client.send(new sdk.ImportKeyMaterialCommand(importing))],
  [
    'DeleteImportedKeyMaterial',
    'UUUU+',
    ({ client, KeyId }) => client.send(new sdk.DeleteImportedKeyMaterialCommand({ KeyId })),
  ],
]

describe.each(REACHED.map((state, at) => ({ state, at })))('a key in $state', ({ state, at }) => {
  it.each(uses.filter(([, cells]) => cells[at] !== '-'))('answers %s by the table: %s', async (_, cells, use) => {
    const prepared = await keyIn(state)
    const verdict = cells[at] as Cell
    const { name, status } = await failureOf(use(prepared))
    expect({ name, status }).toEqual(
      verdict === '+' ? { name: 'success', status: 200 } : { name: CODES[verdict], status: 400 },
    )
  })
})

it('can lose its aliases in whatever state it is', async () => {
  for (const state of REACHED) {
    const { client } = await testBed(seed)
    const KeyId =
      state === 'PendingReplicaDeletion'
        ? MRK
        : (await client.send(new sdk.CreateKeyCommand(state === 'PendingImport' ? { Origin: 'EXTERNAL' } : {})))
            .KeyMetadata?.KeyId
    await client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/gone', TargetKeyId: KeyId }))
    if (state === 'Disabled') await client.send(new sdk.DisableKeyCommand({ KeyId }))
    if (state.endsWith('Deletion')) await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId }))
    await client.send(new sdk.DeleteAliasCommand({ AliasName: 'alias/gone' }))
    const { name } = await failureOf(client.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/gone' })))
    expect(name).toBe('NotFoundException')
  }
})
