import { createHsm, type EmbeddedHsm, ephemeralRoot, type RootKey } from '../../src/hsm/factory.ts'
import { type BackingKeyRef, HsmError, type HsmErrorCode, type KeyName } from '../../src/hsm/port.ts'

export const KEY_A: KeyName = {
  account: '111122223333',
  region: 'us-east-1',
  keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
}
export const KEY_B: KeyName = { ...KEY_A, keyId: '0987dcba-09fe-87dc-65ba-ab0987654321' }
export const NOON = Date.UTC(2026, 10, 22, 12)
export const DAY = 86_400_000

export interface TestHsm {
  readonly hsm: EmbeddedHsm
  readonly rootKey: RootKey
  readonly clock: { now: number }
}

/** An HSM with an installed domain and a clock that stands. */
export async function freshHsm(): Promise<TestHsm> {
  const clock = { now: NOON }
  const rootKey = await ephemeralRoot()({ mayCreate: true })
  const hsm = createHsm({ rootKey, now: () => clock.now })
  const { domain } = await hsm.execute('createDomain', {})
  await hsm.execute('installDomain', { domain })
  return { hsm, rootKey, clock }
}

export async function newBackingKey(hsm: EmbeddedHsm, key: KeyName): Promise<BackingKeyRef & { backingKeyId: string }> {
  return { key, ...(await hsm.execute('createBackingKey', { key, spec: 'SYMMETRIC_DEFAULT' })) }
}

/** The code with which `call` fails; fails itself where the call succeeds or throws anything else. */
export async function codeOf(call: Promise<unknown>): Promise<HsmErrorCode> {
  try {
    await call
  } catch (error) {
    if (error instanceof HsmError) return error.code
    throw error
  }
  throw new Error('the call succeeded')
}

/** The bytes in the middle of a larger buffer, as they come from a socket. */
export function offsetView(bytes: Uint8Array): Uint8Array {
  const around = new Uint8Array(bytes.length + 23).fill(0xa5)
  around.set(bytes, 7)
  return around.subarray(7, 7 + bytes.length)
}

export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const altered = Uint8Array.prototype.slice.call(bytes)
  altered[at] = (altered[at] ?? 0) ^ 1
  return altered
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}
