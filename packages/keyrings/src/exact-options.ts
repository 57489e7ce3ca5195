/** The options of a factory, each named once: the type checker refuses a table that has one too many or too few. */
export type OptionNames<Options> = { readonly [Name in keyof Required<Options>]: true }

/**
 * Throws a TypeError where `options` is no object or names something that `known` does not: a misspelt security option
 * must never be silently without effect.
 */
export function refuseUnknownOptions<Options>(what: string, options: Options, known: OptionNames<Options>): void {
  if (typeof options !== 'object' || options === null) throw new TypeError(`${what} takes an object of options`)
  const unknown = Object.keys(options).filter((name) => !Object.hasOwn(known, name))
  if (unknown.length > 0) {
    throw new TypeError(`${what} has no option ${unknown.join(', ')}; its options are ${Object.keys(known).join(', ')}`)
  }
}
