import type { ErrorCode } from '@bongtu/message-format'

/** What the command answers to the shell. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  notAuthentic: 3,
  noKey: 4,
  notAMessage: 5,
  refused: 6,
  quarantine: 7,
  interrupted: 130,
  outputClosed: 141,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** What `--help` says of them. */
export const exitCodeTexts: readonly (readonly [number | string, string])[] = [
  [exitCodes.done, 'everything succeeded'],
  [exitCodes.failed, 'a file or the KMS could not be read or written, or several files failed for different reasons'],
  [exitCodes.usage, 'the command line is wrong; nothing was read or written'],
  [exitCodes.notAuthentic, 'a message did not authenticate, or not under the expected encryption context'],
  [exitCodes.noKey, 'no key opened a message, or a key did not wrap'],
  [exitCodes.notAMessage, 'the input is no message, is not whole, or is of a kind that is not read'],
  [exitCodes.refused, 'refused by the commitment policy or by a limit'],
  [exitCodes.quarantine, 'bongtu kms doctor found key tokens that do not open and are not given up'],
  ['129, 130, 143', 'interrupted by a signal; nothing was left behind'],
  [exitCodes.outputClosed, 'whoever read standard output stopped reading'],
]

export const exitCodeOf: Readonly<Record<ErrorCode, ExitCode>> = {
  ERR_AUTHENTICATION: exitCodes.notAuthentic,
  ERR_CONTEXT: exitCodes.notAuthentic,
  ERR_NO_KEY: exitCodes.noKey,
  ERR_KEYRING: exitCodes.noKey,
  ERR_MALFORMED: exitCodes.notAMessage,
  ERR_TRUNCATED: exitCodes.notAMessage,
  ERR_UNSUPPORTED: exitCodes.notAMessage,
  ERR_POLICY: exitCodes.refused,
  ERR_LIMIT: exitCodes.refused,
}
