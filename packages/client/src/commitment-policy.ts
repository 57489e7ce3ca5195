import { kindOf } from '@bongtu/crypto/options'
import { type AlgorithmSuite, BongtuError, suiteById, suiteHex } from '@bongtu/message-format'

interface PolicyRow {
  readonly defaultSuite: number
  readonly encrypts: (suite: AlgorithmSuite) => boolean
  readonly decrypts: (suite: AlgorithmSuite) => boolean
}

const committing = (suite: AlgorithmSuite): boolean => suite.committing
const any = (): boolean => true

/** client.md, commitment policy. The last row exists to migrate old fleets: it writes messages that do not commit to their key. */
const policies = {
  'require-encrypt-require-decrypt': { defaultSuite: 0x0578, encrypts: committing, decrypts: committing },
  'require-encrypt-allow-decrypt': { defaultSuite: 0x0578, encrypts: committing, decrypts: any },
  'forbid-encrypt-allow-decrypt': { defaultSuite: 0x0378, encrypts: (suite) => !suite.committing, decrypts: any },
} as const satisfies Record<string, PolicyRow>

/** Which suites may be written and read. */
export type CommitmentPolicy = keyof typeof policies

export const commitmentPolicies: readonly CommitmentPolicy[] = Object.freeze(
  Object.keys(policies) as CommitmentPolicy[],
)

export const defaultCommitmentPolicy: CommitmentPolicy = 'require-encrypt-require-decrypt'

/** Throws a TypeError where it is none of the three. */
export function commitmentPolicy(value: unknown): CommitmentPolicy {
  if (typeof value === 'string' && Object.hasOwn(policies, value)) return value as CommitmentPolicy
  const got = typeof value === 'string' ? 'another string' : kindOf(value)
  throw new TypeError(`commitmentPolicy must be one of ${commitmentPolicies.join(', ')}, got ${got}`)
}

/** The suite that is written under a policy where the caller names none. */
export const defaultSuite = (policy: CommitmentPolicy): AlgorithmSuite => suiteById(policies[policy].defaultSuite)

export const allowsDecrypt = (policy: CommitmentPolicy, suite: AlgorithmSuite): boolean =>
  policies[policy].decrypts(suite)

/** Throws ERR_POLICY where the policy does not write this suite. */
export function requireEncryptAllowed(policy: CommitmentPolicy, suite: AlgorithmSuite): void {
  if (!policies[policy].encrypts(suite)) refuse(policy, suite, 'encrypt', 'name another algorithmSuite')
}

/** Throws ERR_POLICY where the policy does not read this suite. */
export function requireDecryptAllowed(policy: CommitmentPolicy, suite: AlgorithmSuite): void {
  if (!allowsDecrypt(policy, suite)) {
    refuse(policy, suite, 'decrypt', "to read old messages, set commitmentPolicy to 'require-encrypt-allow-decrypt'")
  }
}

function refuse(policy: CommitmentPolicy, suite: AlgorithmSuite, verb: string, advice: string): never {
  const commits = suite.committing ? 'commits' : 'does not commit'
  throw new BongtuError(
    'ERR_POLICY',
    `commitment policy ${policy} does not ${verb} with suite ${suiteHex(suite.id)} (${suite.name}), which ${commits} to its data key; ${advice}`,
  )
}
