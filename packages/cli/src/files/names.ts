import { usage } from '../failure.ts'

export const DEFAULT_SUFFIX = '.esdk'

/** Gives an output its name from its input's. `null` where there is none. */
export type Naming = (name: string) => string | null

/** The suffix that encrypted files get. Throws a usage failure where it is none that a file name can end in. */
export function checkedSuffix(suffix: string): string {
  if (/[/\\\0]/.test(suffix)) throw usage(`--suffix ${JSON.stringify(suffix)} holds a character that divides paths`)
  return suffix
}

export const encryptedName =
  (suffix: string): Naming =>
  (name) =>
    `${name}${suffix}`

/** FILE.esdk gives FILE. */
export const decryptedName =
  (suffix: string): Naming =>
  (name) =>
    name.endsWith(suffix) && !/(^|[/\\])$/.test(name.slice(0, name.length - suffix.length))
      ? name.slice(0, name.length - suffix.length)
      : null
