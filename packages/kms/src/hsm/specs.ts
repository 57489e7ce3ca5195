import type { KeySpec } from './port.ts'

/** How the material of a key spec looks in a token. */
export interface SpecRow {
  /** Its byte in an exported key token. */
  readonly code: number
  /** Bytes of the material. */
  readonly materialLength: number
}

export const SPECS: Readonly<Record<KeySpec, SpecRow>> = {
  SYMMETRIC_DEFAULT: { code: 1, materialLength: 32 },
}

export function specOfCode(code: number | undefined): SpecRow | undefined {
  return Object.values(SPECS).find((row) => row.code === code)
}
