import { createHash } from 'node:crypto'

/** Bytes that look random and are always the same for a seed. */
export function seeded(seed: string, length: number): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let index = 0; index * 32 < length; index++) {
    blocks.push(createHash('sha256').update(`bongtu test vectors ${seed} ${index}`).digest())
  }
  return concat(blocks).subarray(0, length)
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Big-endian. */
export function uint(value: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => Math.floor(value / 256 ** (length - 1 - at)) % 256)
}

export const concat = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts))

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

export const NOTHING = new Uint8Array(0)
