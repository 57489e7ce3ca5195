import { kindOf } from './checks.ts'

/** The options of a function, each named once: the type checker refuses a table that has one too many or too few. */
export type OptionNames<Options> = { readonly [Name in keyof Required<Options>]: true }

/**
 * The options that the caller gave, as a record without a prototype. Each option is read once, so a getter runs once. An
 * option that is `undefined` counts as not given and has no property in the record.
 *
 * An option comes from the object or from its classes, never from `Object.prototype`: a hostile merge that adds a property
 * there must not switch a security option. `what` names the function in errors.
 *
 * @throws TypeError where `options` is not an object, or has a property of its own that `known` does not name: a misspelt
 * security option must not be ignored.
 */
export function readOptions<Options extends object>(
  what: string,
  options: Options,
  known: OptionNames<Options> | readonly string[],
): Options {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${what} takes an object of options, got ${kindOf(options)}`)
  }
  const names = Array.isArray(known) ? (known as readonly string[]) : Object.keys(known)
  const unknown = Object.keys(options).filter((name) => !names.includes(name))
  if (unknown.length > 0) {
    throw new TypeError(`${what} has no option ${unknown.join(', ')}; its options are ${names.join(', ')}`)
  }
  return readMembers(options, names)
}

/** As `readOptions`, of an object that may have other members too, such as what a keyring answers. */
export function readMembers<T extends object>(from: T, names: readonly string[]): T {
  const read: Record<string, unknown> = Object.create(null)
  for (const name of names) {
    const value: unknown = hasOption(from, name) ? Reflect.get(from, name) : undefined
    if (value !== undefined) read[name] = value
  }
  return read as T
}

/** The properties of one or more objects as a record without a prototype: what it lacks, `Object.prototype` cannot add. */
export const record = <T extends object>(...parts: readonly [T, ...object[]]): T =>
  Object.assign(Object.create(null) as T, ...parts)

/** Whether the object or one of its classes has this property. `Object.prototype` is not asked. */
export function hasOption(options: object, name: string): boolean {
  let holder: object | null = options
  while (holder !== null && !isRootPrototype(holder)) {
    if (Object.hasOwn(holder, name)) return true
    holder = Object.getPrototypeOf(holder)
  }
  return false
}

/**
 * Whether it is `Object.prototype` of this realm or of another one. It is known by what only it has: no prototype above
 * it, and methods of every object. A class that extends null has no such methods, so its options count.
 */
const isRootPrototype = (holder: object): boolean =>
  holder === Object.prototype ||
  (Object.getPrototypeOf(holder) === null &&
    Object.hasOwn(holder, 'hasOwnProperty') &&
    Object.hasOwn(holder, 'isPrototypeOf'))
