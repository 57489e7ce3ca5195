import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { checkAction, type KeyAction, keyAccess } from '../../src/keys/access.ts'
import type { KeyRecord, KeyState, Origin } from '../../src/keys/key-record.ts'
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

const PLACE = { account: '111122223333', region: 'us-east-1' }
const keyOf = (state: KeyState, origin: Origin): KeyRecord => ({ ...plainKey(PLACE, 'id', 0, ''), state, origin })

/** Every action on a key, as the developer guide groups them, and the cells in the order of ALL_STATES. */
const guide: readonly (readonly [readonly KeyAction[], string])[] = [
  [
    ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'],
    '+DIIIII+',
  ],
  [
    [
      'DescribeKey',
      'GetKeyPolicy',
      'PutKeyPolicy',
      'ListAliases',
      'ListGrants',
      'ListKeyPolicies',
      'ListKeyRotations',
      'ListResourceTags',
      'DeleteAlias',
    ],
    '++++++++',
  ],
  [['CreateAlias', 'UpdateAlias', 'TagResource', 'UntagResource', 'UpdateKeyDescription'], '++II++++'],
  [['EnableKey', 'DisableKey'], '++III+II'],
  [['ScheduleKeyDeletion'], '++II+++I'],
  [['CancelKeyDeletion'], 'II++IIII'],
  [['EnableKeyRotation', 'DisableKeyRotation'], '+DIIUUI+'],
  [['GetKeyRotationStatus'], '+++++U++'],
  [['RotateKeyOnDemand'], '+DIIIUI+'],
  [['GetParametersForImport'], '++II+UII'],
  [['ImportKeyMaterial'], '++II+UI+'],
  [['DeleteImportedKeyMaterial'], '+++++III'],
]

/** Actions on keys of one origin: whatever the state, a key of the other origin answers U. */
const origins: Readonly<Partial<Record<KeyAction, Origin>>> = {
  EnableKeyRotation: 'AWS_KMS',
  DisableKeyRotation: 'AWS_KMS',
  GetParametersForImport: 'EXTERNAL',
  ImportKeyMaterial: 'EXTERNAL',
  DeleteImportedKeyMaterial: 'EXTERNAL',
}

describe('the table of key states', () => {
  const cells = guide.flatMap(([actions, verdicts]) =>
    actions.flatMap((action) =>
      (['AWS_KMS', 'EXTERNAL'] as const).flatMap((origin) =>
        ALL_STATES.map((state, at) => {
          const isOfOrigin = (origins[action] ?? origin) === origin
          return { action, origin, state, verdict: isOfOrigin ? (verdicts[at] as Cell) : 'U' }
        }),
      ),
    ),
  )

  it('has a row for every action', () => {
    expect(new Set(guide.flatMap(([actions]) => actions))).toEqual(new Set(Object.keys(keyAccess)))
  })

  it.each(cells)('answers $verdict to $action for a key of origin $origin in $state', (cell) => {
    const check = () => checkAction(keyOf(cell.state, cell.origin), cell.action)
    if (cell.verdict === '+') expect(check).not.toThrow()
    else expect(check).toThrow(expect.objectContaining({ code: CODES[cell.verdict] }))
  })

  /** The rows of operations that are not built yet. */
  const later: readonly (readonly [StateRow, string])[] = [
    ['createGrant', '+DIII+I+'],
    ['replicate', '+DIIIIII'],
    ['updatePrimary', '+DIIIII+'],
  ]
  it.each(later)('has the row %s: %s', (row, verdicts) => {
    const answers = ALL_STATES.map((state) => {
      try {
        checkState(keyOf(state, 'AWS_KMS'), row)
        return '+'
      } catch (error) {
        return Object.entries(CODES).find(([, code]) => code === (error as KmsError).code)?.[0]
      }
    })
    expect(answers.join('')).toBe(verdicts)
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
    const key = keyOf(state, 'AWS_KMS')
    const message = `arn:aws:kms:us-east-1:111122223333:key/id ${words}`
    expect(() => checkState(key, row)).toThrow(new KmsError('NotFoundException', message).message)
  })
})

/** The keys that the API can bring about: each state, and the origin of the key. */
const REACHED = [
  ['Enabled', 'AWS_KMS'],
  ['Disabled', 'AWS_KMS'],
  ['PendingDeletion', 'AWS_KMS'],
  ['PendingReplicaDeletion', 'AWS_KMS'],
  ['PendingImport', 'EXTERNAL'],
  ['Enabled', 'EXTERNAL'],
  ['Disabled', 'EXTERNAL'],
  ['PendingDeletion', 'EXTERNAL'],
] as const satisfies readonly (readonly [KeyState, Origin])[]
type Reached = (typeof REACHED)[number]

const MRK = 'mrk-0123456789abcdef0123456789abcdef'
const IMPORTED = '0f0f0f0f-0000-4000-8000-000000000001'
const seed = {
  keys: [
    { id: MRK, regions: ['us-east-1', 'eu-west-1'] },
    { id: IMPORTED, origin: 'EXTERNAL' as const, material: '11'.repeat(32) },
  ],
}

interface Prepared {
  readonly client: sdk.KMSClient
  readonly KeyId: string
  /** A ciphertext that the key made before it came into its state; of another key where it never could. */
  readonly CiphertextBlob: Uint8Array
  readonly other: string
}

/** The id of a key that can come into the state. */
async function keyFor([state, origin]: Reached, create: (input?: sdk.CreateKeyCommandInput) => Promise<string>) {
  if (state === 'PendingReplicaDeletion') return MRK
  if (state === 'PendingImport') return create({ Origin: 'EXTERNAL' })
  return origin === 'EXTERNAL' ? IMPORTED : create()
}

async function keyIn(reached: Reached): Promise<Prepared> {
  const { client } = await testBed(seed)
  const [state, origin] = reached
  const create = async (input: sdk.CreateKeyCommandInput = {}) =>
    (await client.send(new sdk.CreateKeyCommand(input))).KeyMetadata?.KeyId ?? ''
  const other = await create()
  const KeyId = await keyFor(reached, create)
  const source = state === 'PendingImport' ? other : KeyId
  const sealed = await client.send(new sdk.EncryptCommand({ KeyId: source, Plaintext: new Uint8Array(1) }))
  if (state === 'Disabled') await client.send(new sdk.DisableKeyCommand({ KeyId }))
  if (state.endsWith('Deletion')) await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId }))
  const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId }))
  expect(KeyMetadata).toMatchObject({ KeyState: state, Origin: origin, Enabled: state === 'Enabled' })
  return { client, KeyId, CiphertextBlob: sealed.CiphertextBlob ?? new Uint8Array(1), other }
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
 * Operation, its cells in the order of REACHED, and a call that is right but for the state and the origin. `-`: the key that
 * is in this state cannot show it.
 */
const uses: readonly (readonly [string, string, Use])[] = [
  ['Encrypt', '+DIII+DI', ({ client, KeyId }) => client.send(new sdk.EncryptCommand({ KeyId, Plaintext }))],
  ['Decrypt', '+DII-+DI', ({ client, CiphertextBlob }) => client.send(new sdk.DecryptCommand({ CiphertextBlob }))],
  [
    'ReEncrypt from',
    '+DII-+DI',
    ({ client, CiphertextBlob, other }) =>
      client.send(new sdk.ReEncryptCommand({ CiphertextBlob, DestinationKeyId: other })),
  ],
  [
    'ReEncrypt to',
    '+DIII+DI',
    async ({ client, KeyId, other }) => {
      const { CiphertextBlob } = await client.send(new sdk.EncryptCommand({ KeyId: other, Plaintext }))
      return client.send(new sdk.ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyId }))
    },
  ],
  [
    'GenerateDataKey',
    '+DIII+DI',
    ({ client, KeyId }) => client.send(new sdk.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' })),
  ],
  [
    'GenerateDataKeyWithoutPlaintext',
    '+DIII+DI',
    ({ client, KeyId }) => client.send(new sdk.GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256' })),
  ],
  ['DescribeKey', '++++++++', ({ client, KeyId }) => client.send(new sdk.DescribeKeyCommand({ KeyId }))],
  ['GetKeyPolicy', '++++++++', ({ client, KeyId }) => client.send(new sdk.GetKeyPolicyCommand({ KeyId }))],
  [
    'PutKeyPolicy',
    '++++++++',
    ({ client, KeyId }) => client.send(new sdk.PutKeyPolicyCommand({ KeyId, Policy: policy })),
  ],
  ['ListAliases', '++++++++', ({ client, KeyId }) => client.send(new sdk.ListAliasesCommand({ KeyId }))],
  ['ListKeyPolicies', '++++++++', ({ client, KeyId }) => client.send(new sdk.ListKeyPoliciesCommand({ KeyId }))],
  ['ListGrants', '++++++++', ({ client, KeyId }) => client.send(new sdk.ListGrantsCommand({ KeyId }))],
  ['ListResourceTags', '++++++++', ({ client, KeyId }) => client.send(new sdk.ListResourceTagsCommand({ KeyId }))],
  ['ListKeyRotations', '++++++++', ({ client, KeyId }) => client.send(new sdk.ListKeyRotationsCommand({ KeyId }))],
  [
    'CreateAlias',
    '++II+++I',
    ({ client, KeyId }) => client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/new', TargetKeyId: KeyId })),
  ],
  [
    'UpdateAlias',
    '++II+++I',
    async ({ client, KeyId, other }) => {
      await client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/moved', TargetKeyId: other }))
      return client.send(new sdk.UpdateAliasCommand({ AliasName: 'alias/moved', TargetKeyId: KeyId }))
    },
  ],
  [
    'TagResource',
    '++II+++I',
    ({ client, KeyId }) => client.send(new sdk.TagResourceCommand({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] })),
  ],
  [
    'UntagResource',
    '++II+++I',
    ({ client, KeyId }) => client.send(new sdk.UntagResourceCommand({ KeyId, TagKeys: ['a'] })),
  ],
  [
    'UpdateKeyDescription',
    '++II+++I',
    ({ client, KeyId }) => client.send(new sdk.UpdateKeyDescriptionCommand({ KeyId, Description: 'new' })),
  ],
  ['EnableKey', '++III++I', ({ client, KeyId }) => client.send(new sdk.EnableKeyCommand({ KeyId }))],
  ['DisableKey', '++III++I', ({ client, KeyId }) => client.send(new sdk.DisableKeyCommand({ KeyId }))],
  [
    'ScheduleKeyDeletion',
    '++II+++I',
    ({ client, KeyId }) => client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId })),
  ],
  ['CancelKeyDeletion', 'II++III+', ({ client, KeyId }) => client.send(new sdk.CancelKeyDeletionCommand({ KeyId }))],
  ['EnableKeyRotation', '+DIIUUUU', ({ client, KeyId }) => client.send(new sdk.EnableKeyRotationCommand({ KeyId }))],
  ['DisableKeyRotation', '+DIIUUUU', ({ client, KeyId }) => client.send(new sdk.DisableKeyRotationCommand({ KeyId }))],
  [
    'GetKeyRotationStatus',
    '++++++++',
    ({ client, KeyId }) => client.send(new sdk.GetKeyRotationStatusCommand({ KeyId })),
  ],
  ['RotateKeyOnDemand', '+DIIIIDI', ({ client, KeyId }) => client.send(new sdk.RotateKeyOnDemandCommand({ KeyId }))],
  [
    'GetParametersForImport',
    'UUUU+++I',
    ({ client, KeyId }) =>
      client.send(
        new sdk.GetParametersForImportCommand({
          KeyId,
          WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
          WrappingKeySpec: 'RSA_2048',
        }),
      ),
  ],
  [
    'ImportKeyMaterial',
    'UUUU---I',
    ({ client, KeyId }) =>
      client.send(
        new sdk.ImportKeyMaterialCommand({
          KeyId,
          ImportToken: new Uint8Array(1),
          EncryptedKeyMaterial: new Uint8Array(1),
        }),
      ),
  ],
  [
    'DeleteImportedKeyMaterial',
    'UUUU++++',
    ({ client, KeyId }) => client.send(new sdk.DeleteImportedKeyMaterialCommand({ KeyId })),
  ],
]

describe.each(REACHED.map((reached, at) => ({ reached, at, state: reached[0], origin: reached[1] })))(
  'a key of origin $origin in $state',
  ({ reached, at }) => {
    it.each(uses.filter(([, cells]) => cells[at] !== '-'))('answers %s by the table: %s', async (_, cells, use) => {
      const prepared = await keyIn(reached)
      const verdict = cells[at] as Cell
      const { name, status } = await failureOf(use(prepared))
      expect({ name, status }).toEqual(
        verdict === '+' ? { name: 'success', status: 200 } : { name: CODES[verdict], status: 400 },
      )
    })
  },
)

it.each([
  [
    'AWS_KMS',
    new sdk.GetParametersForImportCommand({
      KeyId: undefined,
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_2048',
    }),
  ],
  ['EXTERNAL', new sdk.EnableKeyRotationCommand({ KeyId: undefined })],
] as const)('names a wrong origin, %s, before a wrong state', async (origin, command) => {
  const { client, KeyId } = await keyIn(['PendingDeletion', origin])
  command.input.KeyId = KeyId
  expect(await failureOf(client.send(command as sdk.EnableKeyRotationCommand))).toEqual({
    name: 'UnsupportedOperationException',
    message: `arn:aws:kms:us-east-1:111122223333:key/${KeyId} origin is ${origin} which is not valid for this operation.`,
    status: 400,
  })
})

it('can lose its aliases in whatever state it is', async () => {
  for (const reached of REACHED) {
    const [state] = reached
    const { client } = await testBed(seed)
    const KeyId = await keyFor(
      reached,
      async (input = {}) => (await client.send(new sdk.CreateKeyCommand(input))).KeyMetadata?.KeyId ?? '',
    )
    await client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/gone', TargetKeyId: KeyId }))
    if (state === 'Disabled') await client.send(new sdk.DisableKeyCommand({ KeyId }))
    if (state.endsWith('Deletion')) await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId }))
    await client.send(new sdk.DeleteAliasCommand({ AliasName: 'alias/gone' }))
    const { name } = await failureOf(client.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/gone' })))
    expect(name).toBe('NotFoundException')
  }
})
