/** The one reader of options and the checks of their values, for every package that takes options. */
export { bytes, isBytes, kindOf, limitOrFalse, oneOf, wholeNumber } from './options/checks.ts'
export { hasOption, type OptionNames, readMembers, readOptions, record } from './options/read-options.ts'
