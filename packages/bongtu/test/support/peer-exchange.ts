import { buildClient, CommitmentPolicy } from '@aws-crypto/client-node'
import { type AlgorithmSuite, algorithmSuites, decrypt, encrypt } from '../../src/index.ts'
import { aesKey, type KeyInBoth, rsaKey, threeKeys } from './peer-keys.ts'

/** One message to be exchanged. */
export interface Exchange {
  readonly suite: AlgorithmSuite
  readonly frameLength: number
  readonly size: number
  readonly context: Readonly<Record<string, string>>
  readonly key: KeyInBoth
}

const contexts: readonly Readonly<Record<string, string>>[] = [
  {},
  { tenant: 'acme', Purpose: 'Test', 'aws-region': 'eu', 10: 'ten', 9: 'nine' },
  // By UTF-8 bytes the first of these keys comes before the second, by UTF-16 units behind it.
  { '\u{ff5e}': 'wave', '\u{1f600}': 'grin', '\u{e9}': 'accent', 'e\u{301}': 'combining', '\u{44e}': 'cyrillic' },
]

const aes = aesKey(32)
const rsa = rsaKey('sha256')
const keys: readonly KeyInBoth[] = [
  aes,
  rsa,
  threeKeys(aes, aesKey(16), rsaKey('sha512')),
  threeKeys(rsa, rsaKey('sha1'), aesKey(24)),
]

const combinations = contexts.flatMap((context) => keys.map((key) => ({ context, key })))

const frameLengths = [1, 16, 4096, 65536]

const sizesFor = (frameLength: number): number[] => [
  ...new Set([0, 1, frameLength - 1, frameLength, frameLength + 1, frameLength * 3 + Math.ceil(frameLength / 2)]),
]

const shapes = frameLengths.flatMap((frameLength) => sizesFor(frameLength).map((size) => ({ frameLength, size })))

/** Everything with everything. */
export const allExchanges: readonly Exchange[] = algorithmSuites.flatMap((suite) =>
  shapes.flatMap((shape) => combinations.map((combination) => ({ suite, ...shape, ...combination }))),
)

/** Every suite, frame length and size with each other; contexts and keys take turns, so that every pair is met. */
export function exchangesOf(suite: AlgorithmSuite): readonly Exchange[] {
  const turn = algorithmSuites.indexOf(suite) * 5
  return shapes.map((shape, index) => {
    const combination = combinations[(turn + index) % combinations.length] ?? { context: {}, key: aes }
    return { suite, ...shape, ...combination }
  })
}

const committing = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
const notCommitting = buildClient(CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT)
const theirClient = ({ suite }: Exchange): typeof committing => (suite.committing ? committing : notCommitting)

const ourPolicy = ({ suite }: Exchange) =>
  ({
    commitmentPolicy: suite.committing ? 'require-encrypt-require-decrypt' : 'forbid-encrypt-allow-decrypt',
  }) as const

export const somePlaintext = ({ size }: Exchange): Uint8Array =>
  Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8)) & 0xff)

/** What the peer makes of what bongtu wrote. */
export async function oursToTheirs(exchange: Exchange, plaintext: Uint8Array): Promise<Uint8Array> {
  const { suite, frameLength, context: encryptionContext, key } = exchange
  const options = { keyring: key.ours, algorithmSuite: suite.id, frameLength, encryptionContext }
  const { ciphertext } = await encrypt(plaintext, { ...options, ...ourPolicy(exchange) })
  const opened = await theirClient(exchange).decrypt(key.theirs, ciphertext)
  expectContext(opened.messageHeader.encryptionContext, encryptionContext)
  return opened.plaintext
}

/** What bongtu makes of what the peer wrote. */
export async function theirsToOurs(exchange: Exchange, plaintext: Uint8Array): Promise<Uint8Array> {
  const { suite, frameLength, context: encryptionContext, key } = exchange
  const { result } = await theirClient(exchange).encrypt(key.theirs, plaintext, {
    suiteId: suite.id,
    frameLength,
    encryptionContext,
  })
  const opened = await decrypt(result, { keyring: key.ours, encryptionContext, ...ourPolicy(exchange) })
  expectContext(opened.header.encryptionContext, encryptionContext)
  return opened.plaintext
}

function expectContext(actual: Readonly<Record<string, string>>, expected: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(expected)) {
    if (actual[key] !== value) throw new Error(`the context came through without ${JSON.stringify(key)}`)
  }
}
