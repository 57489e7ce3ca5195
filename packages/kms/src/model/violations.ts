import { invalid } from '../wire/errors.ts'

/** The constraints that a request breaks, on their way into one error. */
export interface Violations {
  /** Throws the ValidationException once there are as many as one error names: what is behind them is not looked at. */
  add(text: string): void
  /** Throws the ValidationException if there are any. */
  end(): void
}

/** So many are enough to mend a request by; a request of 1 MiB can hold hundreds of thousands. */
const MOST = 10
/** Characters of a value that an error repeats. */
const LONGEST_VALUE = 512

export function createViolations(): Violations {
  const found: string[] = []
  const end = () => {
    if (found.length === 0) return
    const count = found.length === 1 ? '1 validation error' : `${found.length} validation errors`
    throw invalid(`${count} detected: ${found.join('; ')}`)
  }
  return {
    end,
    add(text) {
      found.push(text)
      if (found.length === MOST) end()
    },
  }
}

/** A value of the request as an error repeats it. */
export function shownValue(value: unknown): string {
  const text = Array.isArray(value) ? `[${value.slice(0, LONGEST_VALUE).join(', ')}]` : String(value)
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`
}
