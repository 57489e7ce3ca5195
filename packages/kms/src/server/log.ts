import { type Logger, pino } from 'pino'
import type { CallRecord } from '../wire/entry.ts'

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'

export interface Log {
  /** One line per request: who asked for what, and what came of it. */
  call(record: CallRecord): void
  /** Work that failed without a caller to tell. */
  failure(error: unknown): void
  note(text: string, details?: Readonly<Record<string, unknown>>): void
  /** What the operator should change. */
  warning(text: string): void
}

/**
 * JSON lines to the standard error, or to `write`. No line holds key bytes, plaintexts, ciphertexts, signatures or values of
 * encryption contexts.
 */
export function createLog(level: LogLevel, write?: (line: string) => void): Log {
  const logger: Logger = pino(
    { level, base: { name: 'bongtu-kms' } },
    write === undefined ? pino.destination(2) : { write },
  )
  return {
    call({ requestId, operation, caller, keyId, error, cause, duration }) {
      const fields = {
        requestId,
        operation,
        principal: caller?.principal,
        region: caller?.region,
        keyId,
        error: error?.code,
        durationMs: Math.round(duration * 1000) / 1000,
      }
      if (error !== undefined && error.status >= 500) logger.error({ ...fields, err: cause }, 'call failed')
      else logger.info(fields, 'call')
    },
    failure: (error) => logger.error({ err: error }, 'work in the background failed'),
    note: (text, details = {}) => logger.info(details, text),
    warning: (text) => logger.warn(text),
  }
}
