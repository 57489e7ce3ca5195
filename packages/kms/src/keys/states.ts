import { KmsError } from '../wire/errors.ts'
import { keyArn } from './arn.ts'
import type { KeyRecord, KeyState } from './key-record.ts'

/**
 * What a key's state answers to an operation: `ok`, or the error. `origin`: the operation is not for keys whose material
 * comes from elsewhere.
 */
type Verdict = 'ok' | 'disabled' | 'state' | 'origin'

const STATES = [
  'Enabled',
  'Disabled',
  'PendingDeletion',
  'PendingReplicaDeletion',
  'PendingImport',
  'Unavailable',
  'Creating',
  'Updating',
] as const satisfies readonly KeyState[]

type Row = readonly [Verdict, Verdict, Verdict, Verdict, Verdict, Verdict, Verdict, Verdict]

/** Operation group × state, the columns in the order of STATES (AWS KMS developer guide, "Key states of KMS keys"). */
export const stateTable = {
  cryptographic: ['ok', 'disabled', 'state', 'state', 'state', 'state', 'state', 'ok'],
  createGrant: ['ok', 'disabled', 'state', 'state', 'state', 'ok', 'state', 'ok'],
  read: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  label: ['ok', 'ok', 'state', 'state', 'ok', 'ok', 'ok', 'ok'],
  enableOrDisable: ['ok', 'ok', 'state', 'state', 'state', 'ok', 'state', 'state'],
  scheduleDeletion: ['ok', 'ok', 'state', 'state', 'ok', 'ok', 'ok', 'state'],
  cancelDeletion: ['state', 'state', 'ok', 'ok', 'state', 'state', 'state', 'state'],
  configureRotation: ['ok', 'disabled', 'state', 'state', 'origin', 'origin', 'state', 'ok'],
  rotationStatus: ['ok', 'ok', 'ok', 'ok', 'ok', 'origin', 'ok', 'ok'],
  rotateOnDemand: ['ok', 'disabled', 'state', 'state', 'state', 'origin', 'state', 'ok'],
  prepareImport: ['ok', 'ok', 'state', 'state', 'ok', 'origin', 'state', 'state'],
  importMaterial: ['ok', 'ok', 'state', 'state', 'ok', 'origin', 'state', 'ok'],
  deleteMaterial: ['ok', 'ok', 'ok', 'ok', 'ok', 'state', 'state', 'state'],
  replicate: ['ok', 'disabled', 'state', 'state', 'state', 'state', 'state', 'state'],
  updatePrimary: ['ok', 'disabled', 'state', 'state', 'state', 'state', 'state', 'ok'],
} as const satisfies Readonly<Record<string, Row>>

export type StateRow = keyof typeof stateTable

const WORDS: Readonly<Record<KeyState, string>> = {
  Enabled: 'is enabled.',
  Disabled: 'is disabled.',
  PendingDeletion: 'is pending deletion.',
  PendingReplicaDeletion: 'is pending replica deletion.',
  PendingImport: 'is pending import.',
  Unavailable: 'is unavailable.',
  Creating: 'is creating.',
  Updating: 'is updating.',
}

/** Throws what AWS answers where the key's state does not allow the operation. */
export function checkState(key: KeyRecord, row: StateRow): void {
  const verdict: Verdict = stateTable[row][STATES.indexOf(key.state)] ?? 'state'
  if (verdict === 'ok') return
  if (verdict === 'disabled') throw new KmsError('DisabledException', `${keyArn(key)} is disabled.`)
  if (verdict === 'origin') throw wrongOrigin(key)
  const words = row === 'cancelDeletion' ? 'is not pending deletion.' : WORDS[key.state]
  throw new KmsError('KMSInvalidStateException', `${keyArn(key)} ${words}`)
}

export function wrongOrigin(key: KeyRecord): KmsError {
  return new KmsError(
    'UnsupportedOperationException',
    `${keyArn(key)} origin is ${key.origin} which is not valid for this operation.`,
  )
}
