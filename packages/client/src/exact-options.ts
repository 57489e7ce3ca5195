/**
 * Throws a TypeError where `options` is no object or names something that is not an option: a misspelt security option
 * must never be silently without effect.
 */
export function exactOptions(what: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw new TypeError(`${what} takes an object of options`)
  const unknown = Object.keys(options).filter((key) => !known.includes(key))
  if (unknown.length > 0) {
    throw new TypeError(`${what} has no option ${unknown.join(', ')}; its options are ${known.join(', ')}`)
  }
}

/** Throws a TypeError or RangeError where it is no whole number from `minimum` to `maximum`. */
export function wholeNumber(name: string, value: unknown, minimum: number, maximum: number): number {
  if (typeof value !== 'number') throw new TypeError(`${name} is a number`)
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new RangeError(`${name} is a whole number from ${minimum} to ${maximum}, not ${value}`)
  }
  return value
}

/** `false` (no limit), or a whole number from `minimum`. */
export function limitOrFalse(name: string, value: unknown, minimum: number): number | false {
  return value === false ? false : wholeNumber(name, value, minimum, Number.MAX_SAFE_INTEGER)
}

/** Throws a TypeError where it is not one of the choices. */
export function oneOf<T extends string | boolean>(name: string, value: unknown, choices: readonly T[]): T {
  if (choices.includes(value as T)) return value as T
  throw new TypeError(`${name} is one of ${choices.join(', ')}`)
}

/** By tag where instanceof fails, as it does between realms (test runners, iframes, vm contexts). */
export const isBytes = (value: unknown): value is Uint8Array =>
  value instanceof Uint8Array || Object.prototype.toString.call(value) === '[object Uint8Array]'

/** Zeroes what should be bytes and, where a stranger answered it, need not be. */
export function zero(secret: unknown): void {
  if (isBytes(secret)) secret.fill(0)
}

/** Throws a TypeError where it is not a Uint8Array (a Node Buffer is one). */
export function bytes(name: string, value: unknown): Uint8Array {
  if (isBytes(value)) return value
  throw new TypeError(
    `${name} is a Uint8Array${typeof value === 'string' ? '; encode text with TextEncoder first' : ''}`,
  )
}
