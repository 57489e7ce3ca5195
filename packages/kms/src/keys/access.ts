import type { KeyRecord, Origin } from './key-record.ts'
import { checkState, type StateRow, wrongOrigin } from './states.ts'

/** How an operation reaches the key that its KeyId names. */
export interface KeyAccess {
  /** Whether KeyId may be an alias or alias ARN. */
  readonly alias: boolean
  /** Whether a key of another account may be named by ARN. */
  readonly otherAccounts: boolean
  readonly states: StateRow
  /** The only origin that the key may have. */
  readonly origin?: Origin
}

const OWN = { alias: false, otherAccounts: false }
const IMPORTED = { ...OWN, origin: 'EXTERNAL' } as const
const ROTATING = { ...OWN, origin: 'AWS_KMS' } as const
const SHARED = { alias: false, otherAccounts: true }
const SHARED_BY_ALIAS = { alias: true, otherAccounts: true }

/** By action, as policies name it. ReEncrypt is two actions on two keys. */
export const keyAccess = {
  CancelKeyDeletion: { ...OWN, states: 'cancelDeletion' },
  CreateAlias: { ...OWN, states: 'label' },
  Decrypt: { ...SHARED_BY_ALIAS, states: 'cryptographic' },
  DeleteAlias: { ...OWN, states: 'read' },
  DeleteImportedKeyMaterial: { ...IMPORTED, states: 'deleteMaterial' },
  DescribeKey: { ...SHARED_BY_ALIAS, states: 'read' },
  DisableKey: { ...OWN, states: 'enableOrDisable' },
  DisableKeyRotation: { ...ROTATING, states: 'configureRotation' },
  EnableKey: { ...OWN, states: 'enableOrDisable' },
  EnableKeyRotation: { ...ROTATING, states: 'configureRotation' },
  Encrypt: { ...SHARED_BY_ALIAS, states: 'cryptographic' },
  GenerateDataKey: { ...SHARED_BY_ALIAS, states: 'cryptographic' },
  GenerateDataKeyWithoutPlaintext: { ...SHARED_BY_ALIAS, states: 'cryptographic' },
  GetKeyPolicy: { ...OWN, states: 'read' },
  GetKeyRotationStatus: { ...SHARED, states: 'rotationStatus' },
  GetParametersForImport: { ...IMPORTED, states: 'prepareImport' },
  ImportKeyMaterial: { ...IMPORTED, states: 'importMaterial' },
  ListAliases: { ...OWN, states: 'read' },
  ListGrants: { ...SHARED, states: 'read' },
  ListKeyPolicies: { ...OWN, states: 'read' },
  ListKeyRotations: { ...OWN, states: 'read' },
  ListResourceTags: { ...OWN, states: 'read' },
  PutKeyPolicy: { ...OWN, states: 'read' },
  ReEncryptFrom: { ...SHARED_BY_ALIAS, states: 'cryptographic' },
  ReEncryptTo: { ...SHARED_BY_ALIAS, states: 'cryptographic' },
  RotateKeyOnDemand: { ...OWN, states: 'rotateOnDemand' },
  ScheduleKeyDeletion: { ...OWN, states: 'scheduleDeletion' },
  TagResource: { ...OWN, states: 'label' },
  UntagResource: { ...OWN, states: 'label' },
  UpdateAlias: { ...OWN, states: 'label' },
  UpdateKeyDescription: { ...OWN, states: 'label' },
} as const satisfies Readonly<Record<string, KeyAccess>>

export type KeyAction = keyof typeof keyAccess

/** Throws what AWS answers if the key's origin or state does not allow the action. The origin comes first, as in AWS. */
export function checkAction(key: KeyRecord, action: KeyAction): void {
  const { origin, states }: KeyAccess = keyAccess[action]
  if (origin !== undefined && key.origin !== origin) throw wrongOrigin(key)
  checkState(key, states)
}
