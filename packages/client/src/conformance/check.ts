import type { AlgorithmSuite } from '@bongtu/message-format'
import type { Keyring } from '../keyring.ts'

/** What a check is given: a fresh keyring, and what may be expected of its kind. */
export interface Subject {
  readonly keyring: Keyring
  readonly sibling: Keyring
  readonly secrets?: readonly Uint8Array[]
  readonly bindsContext: boolean
  readonly detectsTampering: boolean
  readonly suites: readonly AlgorithmSuite[]
  /** The suite for checks that need just one. */
  readonly suite: AlgorithmSuite
}

export interface Check {
  /** A statement about the keyring. */
  readonly name: string
  /** The check is for keyrings of this trait only. */
  readonly needs?: 'bindsContext' | 'detectsTampering'
  /** Rejects where the statement does not hold. */
  holds(subject: Subject): Promise<void>
}

export function expect(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise)
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at])

export function expectSameBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  expect(sameBytes(actual, expected), `${what} differs from what was expected`)
}
