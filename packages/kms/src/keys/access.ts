import type { StateRow } from './states.ts'

/** How an operation reaches the key that its KeyId names. */
export interface KeyAccess {
  /** Whether KeyId may be an alias or alias ARN. */
  readonly alias: boolean
  /** Whether a key of another account may be named by ARN. */
  readonly otherAccounts: boolean
  readonly states: StateRow
}

const OWN = { alias: false, otherAccounts: false }
const SHARED = { alias: false, otherAccounts: true }
const SHARED_BY_ALIAS = { alias: true, otherAccounts: true }

/** By action, as policies name it. ReEncrypt is two actions on two keys. */
export const keyAccess = {
  CancelKeyDeletion: { ...OWN, states: 'cancelDeletion' },
  CreateAlias: { ...OWN, states: 'label' },
  Decrypt: { ...SHARED_BY_ALIAS, states: 'cryptographic' },
  DeleteAlias: { ...OWN, states: 'read' },
  DeleteImportedKeyMaterial: { ...OWN, states: 'deleteMaterial' },
  DescribeKey: { ...SHARED_BY_ALIAS, states: 'read' },
  DisableKey: { ...OWN, states: 'enableOrDisable' },
  DisableKeyRotation: { ...OWN, states: 'configureRotation' },
  EnableKey: { ...OWN, states: 'enableOrDisable' },
  EnableKeyRotation: { ...OWN, states: 'configureRotation' },
  Encrypt: { ...SHARED_BY_ALIAS, states: 'cryptographic' },
  GenerateDataKey: { ...SHARED_BY_ALIAS, states: 'cryptographic' },
  GenerateDataKeyWithoutPlaintext: { ...SHARED_BY_ALIAS, states: 'cryptographic' },
  GetKeyPolicy: { ...OWN, states: 'read' },
  GetKeyRotationStatus: { ...SHARED, states: 'rotationStatus' },
  GetParametersForImport: { ...OWN, states: 'prepareImport' },
  ImportKeyMaterial: { ...OWN, states: 'importMaterial' },
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
