import type { TokenInfo } from './binding.ts'
import {
  CKF_SO_PIN_COUNT_LOW,
  CKF_SO_PIN_FINAL_TRY,
  CKF_SO_PIN_LOCKED,
  CKF_TOKEN_INITIALIZED,
  CKF_USER_PIN_COUNT_LOW,
  CKF_USER_PIN_FINAL_TRY,
  CKF_USER_PIN_LOCKED,
} from './constants.ts'
import { hasFlag } from './slots.ts'

/** Whose PIN: that of who uses the keys, or of who sets that PIN. */
export type PinOwner = 'user' | 'security officer'

/** What a token tells of the tries that a PIN has left. */
export type PinState = 'ok' | 'wrong before' | 'one try left' | 'locked'

/** The worst first. */
const STATES: Readonly<Record<PinOwner, readonly (readonly [flag: number, state: PinState])[]>> = {
  user: [
    [CKF_USER_PIN_LOCKED, 'locked'],
    [CKF_USER_PIN_FINAL_TRY, 'one try left'],
    [CKF_USER_PIN_COUNT_LOW, 'wrong before'],
  ],
  'security officer': [
    [CKF_SO_PIN_LOCKED, 'locked'],
    [CKF_SO_PIN_FINAL_TRY, 'one try left'],
    [CKF_SO_PIN_COUNT_LOW, 'wrong before'],
  ],
}

export function pinState(info: TokenInfo, owner: PinOwner): PinState {
  const state = STATES[owner].find(([flag]) => hasFlag(info, flag))?.[1] ?? 'ok'
  // SoftHSM2 says so of tokens that were never initialized; trying a PIN that is locked does no harm.
  return state === 'locked' && !hasFlag(info, CKF_TOKEN_INITIALIZED) ? 'ok' : state
}
