import type { AlgorithmSuite } from '@bongtu/message-format'
import { algorithmSuites } from '@bongtu/message-format'
import type { Check } from './conformance/check.ts'
import { hygieneChecks } from './conformance/hygiene.ts'
import { unwrapChecks } from './conformance/unwrap.ts'
import { wrapChecks } from './conformance/wrap.ts'
import type { Keyring } from './keyring.ts'

/** `describe` and `it` of the test runner at hand: those of vitest, jest, mocha, node:test and bun:test all fit. */
export interface TestRunner {
  describe(name: string, body: () => void): void
  it(name: string, body: () => Promise<void>): void
}

export interface KeyringPair {
  readonly keyring: Keyring
  /** Of the same kind, under another key. */
  readonly sibling: Keyring
  /** The bytes of its keys, where the process holds them: they must not show anywhere. */
  readonly secrets?: readonly Uint8Array[]
}

export interface KeyringUnderTest {
  /** Names the group of tests. */
  readonly name: string
  /** Called once for each check. */
  make(): KeyringPair | Promise<KeyringPair>
  /** Whether an encrypted data key opens only under the encryption context it was wrapped with. RSA does not bind it. */
  readonly bindsContext: boolean
  /**
   * Whether an altered ciphertext is noticed at unwrapping. False for RSA with PKCS #1 v1.5 alone, which answers a random
   * data key and leaves it to the header tag. Default: true.
   */
  readonly detectsTampering?: boolean
  /** The suites that it serves. Default: all eleven. */
  readonly suites?: readonly AlgorithmSuite[]
}

/**
 * Registers the checks that every keyring passes. They ask nothing of a test runner but `describe` and `it`, and fail by
 * throwing an Error that says what was expected.
 */
export function keyringConformance({ describe, it }: TestRunner, subject: KeyringUnderTest): void {
  const { bindsContext, detectsTampering = true, suites = algorithmSuites } = subject
  const [first] = suites
  if (first === undefined) throw new RangeError('keyringConformance: suites is empty')
  const traits = { bindsContext, detectsTampering, suites, suite: suites.at(-1) ?? first }
  const group = (name: string, checks: readonly Check[]): void =>
    describe(name, () => {
      for (const check of checks) {
        if (check.needs !== undefined && !traits[check.needs]) continue
        it(check.name, async () => check.holds({ ...traits, ...(await subject.make()) }))
      }
    })
  describe(subject.name, () => {
    group('wrapping', wrapChecks)
    group('unwrapping', unwrapChecks)
    group('hygiene', hygieneChecks)
  })
}
