import type { Header, Keyring } from '@bongtu/client'
import { type AlgorithmSuite, type EncryptionContext, encryptionContext } from '@bongtu/message-format'
import { keyFacts } from '../../report.ts'

/** Keys of the context that belong to the format. */
const RESERVED = /^aws-crypto-/

/** The pairs of a context that whoever encrypts gives. */
export const ownPairs = (context: EncryptionContext): EncryptionContext =>
  encryptionContext(Object.fromEntries(Object.entries(context).filter(([name]) => !RESERVED.test(name))))

/** Why a message is not what would be written now; `null` where it is. Its header is taken at its word. */
export type Compare = (header: Header) => Promise<string | null>

/**
 * Compares headers with what `keyring` and `suite` give. What the keys are called in messages is learnt from one data
 * key, wrapped when the first header is compared, under its context: an alias does not tell which key stands behind it.
 */
export function comparison(keyring: Keyring, suite: AlgorithmSuite, signal: AbortSignal): Compare {
  let wanted: Promise<string> | undefined
  const learn = async ({ encryptionContext: context }: Header): Promise<string> => {
    const { dataKey, encryptedDataKeys } = await keyring.wrapDataKey({
      suite,
      encryptionContext: ownPairs(context),
      signal,
    })
    dataKey.fill(0)
    return namesOf({ encryptedDataKeys })
  }
  return async (header) => {
    if (header.suite.id !== suite.id) return `is of suite ${header.suite.name}`
    wanted ??= learn(header)
    return (await wanted) === namesOf(header) ? null : 'is under other keys'
  }
}

/** What is the same in every message under the same keys, in whichever order they stand. */
function namesOf({ encryptedDataKeys }: Pick<Header, 'encryptedDataKeys'>): string {
  const names = encryptedDataKeys.map(keyFacts).map(({ provider, name, keyInfo }) => [provider, name ?? keyInfo])
  return JSON.stringify(names.sort())
}
