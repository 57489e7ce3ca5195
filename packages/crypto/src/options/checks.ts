/** What a value is, for errors: its kind and never its content, which may be a secret. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined || Number.isNaN(value)) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (isBytes(value)) return 'a Uint8Array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** Throws a TypeError where it is not a number, a RangeError where it is not a whole number from `minimum` to `maximum`. */
export function wholeNumber(name: string, value: unknown, minimum: number, maximum: number): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a whole number, got ${kindOf(value)}`)
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return value
  throw new RangeError(`${name} must be a whole number from ${minimum} to ${maximum}, got ${value}`)
}

/** `false` (no limit), or a whole number from `minimum`. Throws as `wholeNumber`. */
export function limitOrFalse(name: string, value: unknown, minimum: number): number | false {
  return value === false ? false : wholeNumber(name, value, minimum, Number.MAX_SAFE_INTEGER)
}

/** Throws a TypeError where it is not one of the choices. */
export function oneOf<T extends string | boolean>(name: string, value: unknown, choices: readonly T[]): T {
  if (choices.includes(value as T)) return value as T
  const got = typeof value === 'string' ? 'another string' : kindOf(value)
  throw new TypeError(`${name} must be one of ${choices.join(', ')}, got ${got}`)
}

/** By tag where instanceof fails, as it does between realms (test runners, iframes, vm contexts). */
export const isBytes = (value: unknown): value is Uint8Array =>
  value instanceof Uint8Array || Object.prototype.toString.call(value) === '[object Uint8Array]'

/** Throws a TypeError where it is neither a Uint8Array nor of a subclass. `adviceForText` ends the error about a string. */
export function bytes(name: string, value: unknown, adviceForText?: string): Uint8Array {
  if (isBytes(value)) return value
  const advice = typeof value === 'string' && adviceForText !== undefined ? `: ${adviceForText}` : ''
  throw new TypeError(`${name} must be a Uint8Array, got ${kindOf(value)}${advice}`)
}
