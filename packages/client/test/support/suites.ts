import { type AlgorithmSuite, algorithmSuites, type CommitmentPolicy } from '../../src/index.ts'

/** The policies that write and that read a suite. */
export const policyFor = (
  suite: AlgorithmSuite,
): { readonly algorithmSuite: number; readonly commitmentPolicy: CommitmentPolicy } => ({
  algorithmSuite: suite.id,
  commitmentPolicy: suite.committing ? 'require-encrypt-require-decrypt' : 'forbid-encrypt-allow-decrypt',
})

/** One unsigned and one signed suite of each message version, cheapest first. */
export const fourKinds: readonly AlgorithmSuite[] = algorithmSuites.filter(({ id }) =>
  [0x0178, 0x0214, 0x0478, 0x0578].includes(id),
)

export const kindOf = ({ signature, messageVersion }: AlgorithmSuite): string =>
  `${signature === null ? 'an unsigned' : 'a signed'} message of version ${messageVersion}`
