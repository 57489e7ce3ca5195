import { BongtuError } from '../../src/index.ts'

/** The code of a BongtuError, or the name of any other error: `'TypeError'`. */
export function codeOf(error: unknown): string {
  if (BongtuError.is(error)) return error.code
  return error instanceof Error ? error.name : `no error but ${String(error)}`
}

/** What a promise is rejected with; fails where it is not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it was expected to reject')
    },
    (error: unknown) => error,
  )
}

/** The code of what a promise is rejected with. */
export const rejectionCode = async (promise: Promise<unknown>): Promise<string> => codeOf(await rejection(promise))

/** What a function throws; fails where it does not. */
export function thrown(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('it was expected to throw')
}

/** Everything that an error shows: its texts, those of its causes, and its own properties. */
export function everythingIn(error: unknown, depth = 4): string {
  if (!(error instanceof Error) || depth === 0) return inspectable(error)
  const own = Object.getOwnPropertyNames(error)
    .map((key) => [key, (error as unknown as Record<string, unknown>)[key]] as const)
    .map(([key, value]) => `${key}: ${value instanceof Error ? everythingIn(value, depth - 1) : inspectable(value)}`)
  return [String(error), ...own].join('\n')
}

function inspectable(value: unknown): string {
  return (
    JSON.stringify(value, (_, each: unknown) =>
      each instanceof Uint8Array
        ? `${Buffer.from(each).toString('hex')} ${Buffer.from(each).toString('latin1')}`
        : each,
    ) ?? String(value)
  )
}
