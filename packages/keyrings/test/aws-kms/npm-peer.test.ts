import {
  AwsKmsMrkAwareSymmetricDiscoveryKeyringNode,
  AwsKmsMrkAwareSymmetricKeyringNode,
  buildAwsKmsMrkAwareDiscoveryMultiKeyringNode,
  buildAwsKmsMrkAwareStrictMultiKeyringNode,
  buildClient,
  CommitmentPolicy,
  KmsKeyringNode,
} from '@aws-crypto/client-node'
import { KMS } from '@aws-sdk/client-kms'
import { decrypt, encrypt, type Keyring } from '@bongtu/client'
import { awsKms, awsKmsDiscovery, awsKmsMrk, awsKmsMrkDiscovery } from '@bongtu/keyrings/aws-kms'
import type { LocalKms } from '@bongtu/kms'
import { type AlgorithmSuite, algorithmSuites } from '@bongtu/message-format'
import { describe, expect, it } from 'vitest'
import { ABROAD, ACCOUNT, HOME, keys, testKms } from './support/kms.ts'

type TheirKeyring = Parameters<ReturnType<typeof buildClient>['decrypt']>[0]

/** One configuration in both libraries, pointed at the same KMS. */
interface Both {
  readonly ours: (kms: LocalKms) => Keyring
  readonly theirs: (kms: LocalKms) => TheirKeyring
}

/** Their type of a client leaves no optional member `undefined`, which theirs of the SDK are where they are absent. */
type TheirClient = ConstructorParameters<typeof AwsKmsMrkAwareSymmetricKeyringNode>[0]['client']

const theirClient =
  (kms: LocalKms) =>
  (region: string): TheirClient =>
    new KMS(kms.clientConfig({ region })) as unknown as TheirClient

/** They write under a multi-Region key and an ordinary one. */
const writers: Readonly<Record<string, Both>> = {
  'strict keyrings': {
    ours: (kms) => awsKms({ keyId: keys.mrk.home, furtherKeyIds: [keys.third], kms }),
    theirs: (kms) =>
      new KmsKeyringNode({ generatorKeyId: keys.mrk.home, keyIds: [keys.third], clientProvider: theirClient(kms) }),
  },
  'multi-Region keyrings': {
    ours: (kms) => awsKmsMrk({ keyId: keys.mrk.home, furtherKeyIds: [keys.third], kms }),
    theirs: (kms) =>
      buildAwsKmsMrkAwareStrictMultiKeyringNode({
        generatorKeyId: keys.mrk.home,
        keyIds: [keys.third],
        clientProvider: theirClient(kms),
      }),
  },
}

const filter = { partition: 'aws', accountIds: [ACCOUNT] }
const discoveryFilter = { partition: 'aws', accountIDs: [ACCOUNT] }

const readers: Readonly<Record<string, Both>> = {
  strict: {
    ours: (kms) => awsKms({ keyId: keys.mrk.home, kms }),
    theirs: (kms) => new KmsKeyringNode({ generatorKeyId: keys.mrk.home, clientProvider: theirClient(kms) }),
  },
  'strict with the second key alone': {
    ours: (kms) => awsKms({ keyId: keys.third, kms }),
    theirs: (kms) => new KmsKeyringNode({ generatorKeyId: keys.third, clientProvider: theirClient(kms) }),
  },
  discovery: {
    ours: (kms) => awsKmsDiscovery({ filter, regions: [HOME], kms }),
    theirs: (kms) => new KmsKeyringNode({ discovery: true, discoveryFilter, clientProvider: theirClient(kms) }),
  },
  'multi-Region, with the replica abroad': {
    ours: (kms) => awsKmsMrk({ keyId: keys.mrk.abroad, kms }),
    theirs: (kms) =>
      new AwsKmsMrkAwareSymmetricKeyringNode({ keyId: keys.mrk.abroad, client: theirClient(kms)(ABROAD) }),
  },
  'multi-Region discovery abroad': {
    ours: (kms) => awsKmsMrkDiscovery({ filter, regions: [ABROAD], kms }),
    theirs: (kms) =>
      new AwsKmsMrkAwareSymmetricDiscoveryKeyringNode({ client: theirClient(kms)(ABROAD), discoveryFilter }),
  },
  'multi-Region discovery in two Regions': {
    ours: (kms) => awsKmsMrkDiscovery({ filter, regions: [ABROAD, HOME], kms }),
    theirs: (kms) =>
      buildAwsKmsMrkAwareDiscoveryMultiKeyringNode({
        regions: [ABROAD, HOME],
        clientProvider: theirClient(kms),
        discoveryFilter,
      }),
  },
}

const committing = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
const notCommitting = buildClient(CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT)
const peerOf = ({ committing: commits }: AlgorithmSuite) => (commits ? committing : notCommitting)
const policyOf = ({ committing: commits }: AlgorithmSuite) =>
  ({ commitmentPolicy: commits ? 'require-encrypt-require-decrypt' : 'forbid-encrypt-allow-decrypt' }) as const

const encryptionContext = { tenant: 'acme', Purpose: 'Test', '\u{ff5e}': 'wave', '\u{1f600}': 'grin', 10: 'ten' }
const plaintext = Uint8Array.from({ length: 5000 }, (_, at) => at & 0xff)

for (const [writing, writer] of Object.entries(writers)) {
  for (const [reading, reader] of Object.entries(readers)) {
    describe(`what ${writing} wrap, ${reading} keyrings open`, () => {
      it.each(algorithmSuites.map((suite) => [suite.name, suite] as const))(
        '%s: ours is opened by theirs',
        async (_name, suite) => {
          const { kms } = await testKms()
          const options = { keyring: writer.ours(kms), algorithmSuite: suite.id, encryptionContext, ...policyOf(suite) }
          const { ciphertext } = await encrypt(plaintext, options)
          const opened = await peerOf(suite).decrypt(reader.theirs(kms), ciphertext)
          expect(Uint8Array.from(opened.plaintext)).toEqual(plaintext)
          expect(opened.messageHeader.encryptionContext).toMatchObject(encryptionContext)
        },
      )

      it.each(algorithmSuites.map((suite) => [suite.name, suite] as const))(
        '%s: theirs is opened by ours',
        async (_name, suite) => {
          const { kms } = await testKms()
          const { result } = await peerOf(suite).encrypt(writer.theirs(kms), plaintext, {
            suiteId: suite.id,
            encryptionContext,
          })
          const opened = await decrypt(result, { keyring: reader.ours(kms), encryptionContext, ...policyOf(suite) })
          expect(opened.plaintext).toEqual(plaintext)
        },
      )
    })
  }
}

describe('a key pair of the context that looks like a prototype', () => {
  const odd = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>

  it('is bound alike by kmsClient and by the AWS SDK', async () => {
    const { kms } = await testKms()
    const sdk = new KMS(kms.clientConfig())
    const { ciphertext } = await encrypt(plaintext, {
      keyring: awsKms({ keyId: keys.first, kms }),
      encryptionContext: odd,
    })
    const opened = await decrypt(ciphertext, {
      keyring: awsKms({ keyId: keys.first, kms: sdk }),
      encryptionContext: odd,
    })
    expect(opened.plaintext).toEqual(plaintext)
  })
})
