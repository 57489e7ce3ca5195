import { type Explanation, explain } from '../explain.ts'
import type { Io } from '../io.ts'
import { printableLines } from './printable.ts'

/** Tells the user something, on standard error. */
export function tell(io: Io, text: string): void {
  io.stderr.write(`bongtu: ${printableLines(text)}\n`)
}

export const warn = (io: Io, text: string): void => tell(io, `warning: ${text}`)

/** A failure as the user reads it: its subject, its code, and what is to be done. */
export function failureText({ code, text }: Explanation, subject?: string): string {
  // The system's errors name the path themselves.
  const what = subject !== undefined && text.startsWith(`${subject}: `) ? text.slice(subject.length + 2) : text
  return [subject, code, what].filter((part) => part !== undefined).join(': ')
}

/** Tells of a failure, in one line where it is one of many, and where it came from if BONGTU_DEBUG is set. */
export function tellFailure(io: Io, error: unknown, subject?: string, oneLine = false): Explanation {
  const explanation = explain(error)
  const text = failureText(explanation, subject)
  tell(io, oneLine ? text.replaceAll(/\s*\n\s*/g, '; ') : text)
  if (io.env.BONGTU_DEBUG && error instanceof Error) {
    io.stderr.write(`${printableLines(error.stack ?? String(error))}\n`)
    if (error.cause !== undefined) io.stderr.write(`caused by ${printableLines(String(error.cause))}\n`)
  }
  return explanation
}
