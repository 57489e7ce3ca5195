import { concat } from './bytes.ts'
import { HsmError } from './errors.ts'
import type { KeyName } from './port.ts'

const printable = /^[\x21-\x7e]{1,255}$/
const encoder = new TextEncoder()

/** Account, Region and key id, each as one byte of length and ASCII text: the binding of every token. */
export function encodeKeyName({ account, region, keyId }: KeyName): Uint8Array {
  return encodeNames(account, region, keyId)
}

/**
 * What a key material id is derived for: the key without its Region, so that a multi-Region key has one id for one
 * material everywhere.
 */
export function encodeMaterialScope({ account, keyId }: KeyName): Uint8Array {
  return encodeNames(account, keyId)
}

/** Where in `bytes` the encoded key name that starts at `start` ends; `null` where none does. */
export function endOfKeyName(bytes: Uint8Array, start: number): number | null {
  let at = start
  for (let i = 0; i < 3; i++) {
    const length = bytes[at]
    if (length === undefined || length === 0) return null
    at += 1 + length
  }
  return at <= bytes.length ? at : null
}

function encodeNames(...names: readonly string[]): Uint8Array {
  return concat(...names.flatMap((name) => [Uint8Array.of(name.length), encoder.encode(checked(name))]))
}

function checked(name: string): string {
  if (typeof name !== 'string' || !printable.test(name)) {
    throw new HsmError('invalidParameter', 'account, region and key id must be 1 to 255 characters of printable ASCII')
  }
  return name
}
