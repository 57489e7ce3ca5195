import { HsmError } from './errors.ts'

/** What comes through the port may come from another process: each parameter is checked where it is first used. */
export function checkBytes(name: string, value: Uint8Array, min: number, max: number): void {
  if (!(value instanceof Uint8Array) || value.length < min || value.length > max) {
    throw new HsmError('invalidParameter', `${name} must have ${min} to ${max} bytes`)
  }
}

export function checkCount(name: string, value: number, max: number): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > max) {
    throw new HsmError('invalidParameter', `${name} must be 1 to ${max}`)
  }
}

/** The row of a table that `name` names. Names that objects inherit are none. */
export function rowNamed<T>(table: Readonly<Record<string, T>>, what: string, name: string): T {
  const row = Object.hasOwn(table, name) ? table[name] : undefined
  if (row === undefined) throw new HsmError('invalidParameter', `unknown ${what}: ${JSON.stringify(name)}`)
  return row
}
