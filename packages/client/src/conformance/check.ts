import type { AlgorithmSuite } from '@bongtu/message-format'
import type { Keyring } from '../keyring.ts'

/** What may be expected of a kind of keyring. */
export interface Traits {
  readonly bindsContext: boolean
  readonly detectsTampering: boolean
  readonly generates: boolean
  readonly wrapsGiven: boolean
  readonly suites: readonly AlgorithmSuite[]
  /** The suite for checks that need just one. */
  readonly suite: AlgorithmSuite
}

/** What a check is given: fresh keyrings and their traits. */
export interface Subject extends Traits {
  readonly keyring: Keyring
  readonly writer: Keyring
  readonly sibling: Keyring
  readonly secrets: readonly Uint8Array[]
}

type Trait = 'bindsContext' | 'detectsTampering' | 'generates' | 'wrapsGiven'

export interface Check {
  /** A statement about the keyring. */
  readonly name: string
  /** The check is for keyrings with this trait only. */
  readonly needs?: Trait
  /** The check is for keyrings without this trait only. */
  readonly lacks?: Trait
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
