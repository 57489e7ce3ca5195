import {
  CK_EFFECTIVELY_INFINITE,
  CK_UNAVAILABLE_INFORMATION,
  CKF_RW_SESSION,
  CKF_SERIAL_SESSION,
  CKF_WRITE_PROTECTED,
} from './constants.ts'
import type { Module } from './modules.ts'
import { isReturn } from './return-values.ts'
import { createSessionPool, type SessionPool } from './session-pool.ts'
import { hasFlag, type TokenSlot } from './slots.ts'

/** A pool of sessions with a token: as many as are wanted at the moment, unless the token tells that it has fewer. */
export function slotSessions(
  { binding, generation }: Module,
  { slot, info }: TokenSlot,
  wanted: () => number,
): SessionPool {
  const { maxSessionCount } = info
  const unlimited = maxSessionCount === CK_EFFECTIVELY_INFINITE || maxSessionCount >= CK_UNAVAILABLE_INFORMATION
  // Read-write where possible, though nothing is written: CloudHSM's Client SDK 5 has no read-only sessions.
  const writable = hasFlag(info, CKF_WRITE_PROTECTED) ? 0 : CKF_RW_SESSION
  const born = generation()
  return createSessionPool({
    most: () => (unlimited ? wanted() : Math.min(wanted(), maxSessionCount)),
    open: () => binding.C_OpenSession(slot, CKF_SERIAL_SESSION | writable),
    close: (session) => {
      // After another C_Initialize, the handle may be that of another session.
      if (generation() === born) binding.C_CloseSession(session)
    },
    isExhausted: (error) => isReturn(error, 'CKR_SESSION_COUNT'),
  })
}
