import type { NewKey } from './token.ts'

const DEFAULT_BITS = { aes: 256, rsa: 3072 } as const
const BITS: Readonly<Record<NewKey['kind'], readonly number[]>> = { aes: [128, 192, 256], rsa: [2048, 3072, 4096] }

/** Checks what is said of a key to make, and answers its length in bits. Throws a TypeError or RangeError. */
export function bitsOfNewKey({ kind, label, bits }: NewKey): number {
  if (!Object.hasOwn(BITS, kind)) throw new TypeError('a key to make is of the kind aes or rsa')
  if (typeof label !== 'string' || label === '') throw new TypeError('a key to make has a label')
  const wanted = bits ?? DEFAULT_BITS[kind]
  if (BITS[kind].includes(wanted)) return wanted
  throw new RangeError(`a key of the kind ${kind} has ${BITS[kind].join(', ')} bits, not ${wanted}`)
}
