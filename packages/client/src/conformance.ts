import { type AlgorithmSuite, algorithmSuites } from '@bongtu/message-format'
import type { Check, Traits } from './conformance/check.ts'
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
  /** Wraps as `keyring` does, under another key that `keyring` has not. */
  readonly sibling: Keyring
  /** Wraps what `keyring` opens, where that wraps nothing itself (discovery, a private key alone). Default: `keyring`. */
  readonly writer?: Keyring
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
  /** False where it only wraps data keys that it is given, such as a multi keyring without a generator. Default: true. */
  readonly generates?: boolean
  /** False where it only generates, such as a multi keyring with a generator. Default: true. */
  readonly wrapsGiven?: boolean
  /** The suites that it serves. Default: all eleven. */
  readonly suites?: readonly AlgorithmSuite[]
}

/**
 * Registers the checks that every keyring passes. They ask nothing of a test runner but `describe` and `it`, and fail by
 * throwing an Error that says what was expected.
 */
export function keyringConformance({ describe, it }: TestRunner, subject: KeyringUnderTest): void {
  const traits = traitsOf(subject)
  const group = (name: string, checks: readonly Check[]): void =>
    describe(name, () => {
      for (const check of checks.filter((each) => applies(each, traits))) {
        it(check.name, async () => {
          const pair = await subject.make()
          await check.holds({ ...traits, writer: pair.keyring, secrets: [], ...pair })
        })
      }
    })
  describe(subject.name, () => {
    group('wrapping', wrapChecks)
    group('unwrapping', unwrapChecks)
    group('hygiene', hygieneChecks)
  })
}

function traitsOf(subject: KeyringUnderTest): Traits {
  const {
    bindsContext,
    detectsTampering = true,
    generates = true,
    wrapsGiven = true,
    suites = algorithmSuites,
  } = subject
  const suite = suites.at(-1)
  if (suite === undefined) throw new RangeError('keyringConformance: suites is empty')
  return { bindsContext, detectsTampering, generates, wrapsGiven, suites, suite }
}

const applies = ({ needs, lacks }: Check, traits: Traits): boolean =>
  (needs === undefined || traits[needs]) && (lacks === undefined || !traits[lacks])
