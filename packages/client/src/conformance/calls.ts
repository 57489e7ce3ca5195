import { defaultEngine } from '@bongtu/crypto'
import {
  type AlgorithmSuite,
  type EncryptedDataKey,
  type EncryptionContext,
  encryptionContext,
} from '@bongtu/message-format'
import type { UnwrappedDataKey, WrappedDataKey } from '../keyring.ts'
import { expect, type Subject } from './check.ts'

/** A value that must not turn up in an error. */
export const CANARY = 'context-value-4f1c9a'

export const CONTEXT: EncryptionContext = encryptionContext({ purpose: 'conformance', Tenant: CANARY })

/** A data key that no check confuses with another: `seed` tells them apart. */
export const someDataKey = ({ dataKeyLength }: AlgorithmSuite, seed = 1): Uint8Array =>
  Uint8Array.from({ length: dataKeyLength }, (_, at) => (seed * 67 + at * 29 + 11) & 0xff)

/** Has a data key wrapped that the keyring under test opens: `given`, or whatever its kind makes of none. */
export function wrap(
  subject: Subject,
  suite: AlgorithmSuite,
  given?: Uint8Array,
  encryptionContext: EncryptionContext = CONTEXT,
): Promise<WrappedDataKey> {
  const dataKey = wrappable(subject, suite, given)
  const request = { suite, encryptionContext }
  return subject.writer.wrapDataKey(dataKey === undefined ? request : { ...request, dataKey })
}

/** What is left of `given` for a keyring that only generates, or only wraps what it is given. */
function wrappable(subject: Subject, suite: AlgorithmSuite, given: Uint8Array | undefined): Uint8Array | undefined {
  if (subject.writer !== subject.keyring && subject.writer !== subject.sibling) return given
  if (!subject.wrapsGiven) return undefined
  return given ?? (subject.generates ? undefined : defaultEngine.random(suite.dataKeyLength))
}

export interface Report {
  readonly encryptedDataKey: EncryptedDataKey
  readonly reason: string
  readonly cause: unknown
  readonly keyring: string | undefined
}

export interface Answer {
  readonly opened: UnwrappedDataKey | null
  readonly reports: readonly Report[]
  /** What was thrown, in an array. */
  readonly thrown: readonly unknown[]
}

/** Asks as the client does: a throw is a failure like another. */
export async function unwrap(
  { keyring }: Subject,
  suite: AlgorithmSuite,
  encryptedDataKeys: readonly EncryptedDataKey[],
  encryptionContext: EncryptionContext = CONTEXT,
): Promise<Answer> {
  const reports: Report[] = []
  const passedOver = (encryptedDataKey: EncryptedDataKey, reason: string, cause?: unknown, inner?: string): void => {
    reports.push({ encryptedDataKey, reason, cause, keyring: inner })
  }
  try {
    const opened = await keyring.unwrapDataKey({ suite, encryptionContext, encryptedDataKeys, passedOver })
    return { opened, reports, thrown: [] }
  } catch (error) {
    return { opened: null, reports, thrown: [error] }
  }
}

/** The data key that must open, and did. */
export async function unwrapped(...call: Parameters<typeof unwrap>): Promise<UnwrappedDataKey> {
  const { opened, reports, thrown } = await unwrap(...call)
  if (opened !== null) return opened
  const why = [...reports.map((report) => report.reason), ...thrown.map(String)].join('; ')
  throw new Error(`the keyring did not open what it wrapped: ${why}`)
}

/** Fails where something opened, or where nothing was thrown and not every one was reported with a reason. */
export function expectNotOpened(answer: Answer, asked: readonly EncryptedDataKey[], what: string): void {
  expect(answer.opened === null, `${what} was opened`)
  if (answer.thrown.length === 0) for (const each of asked) expectReported(answer, each, what)
}

/** A multi keyring reports once for each keyring that it asked, so once means once under each name. */
export function expectReported({ reports }: Answer, encryptedDataKey: EncryptedDataKey, what: string): void {
  const own = reports.filter((report) => report.encryptedDataKey === encryptedDataKey)
  expect(own.length > 0, `${what} was not reported to passedOver`)
  expect(
    own.every(({ reason }) => typeof reason === 'string' && reason.trim() !== ''),
    `${what} was reported without a reason`,
  )
  const names = new Set(own.map((report) => report.keyring))
  expect(names.size === own.length, `${what} was reported ${own.length} times by the same keyring`)
}
