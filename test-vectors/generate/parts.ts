import { concat } from './bytes.ts'

/** A field of a message, by a name that edits find it by. */
export interface Part {
  readonly name: string
  readonly bytes: Uint8Array
}

export type Edit = (parts: readonly Part[]) => readonly Part[]

export const part = (name: string, bytes: Uint8Array): Part => ({ name, bytes })

export const joined = (parts: readonly Part[]): Uint8Array => concat(parts.map(({ bytes }) => bytes))

/** Offsets within the message where one part ends and another begins. */
export function boundariesOf(parts: readonly Part[]): number[] {
  const offsets: number[] = []
  let at = 0
  for (const { bytes } of parts) {
    at += bytes.length
    offsets.push(at)
  }
  return [...new Set(offsets.slice(0, -1))].filter((offset) => offset > 0 && offset < at)
}

/** Puts other bytes in place of the named part. Throws where there is no such part. */
export const replace =
  (name: string, change: Uint8Array | ((bytes: Uint8Array) => Uint8Array)): Edit =>
  (parts) => {
    requirePart(parts, name)
    return parts.map((one) =>
      one.name === name ? part(name, typeof change === 'function' ? change(one.bytes) : change) : one,
    )
  }

export const append =
  (name: string, bytes: Uint8Array): Edit =>
  (parts) => [...parts, part(name, bytes)]

/** Removes every part whose name begins so. */
export const drop =
  (start: string): Edit =>
  (parts) => {
    requirePart(parts, start)
    return parts.filter(({ name }) => !name.startsWith(start))
  }

/** Keeps the first `length` bytes. */
export const cut =
  (length: number): Edit =>
  (parts) => {
    const kept: Part[] = []
    let left = length
    for (const { name, bytes } of parts) {
      if (left > 0) kept.push(part(name, bytes.subarray(0, left)))
      left -= bytes.length
    }
    return kept
  }

export const both =
  (...edits: readonly Edit[]): Edit =>
  (parts) =>
    edits.reduce((edited, edit) => edit(edited), parts)

/** Turns the lowest bit of the last byte of the named part. */
export const turnBit = (name: string): Edit =>
  replace(name, (bytes) => {
    const copy = Uint8Array.from(bytes)
    copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1
    return copy
  })

function requirePart(parts: readonly Part[], start: string): void {
  if (!parts.some(({ name }) => name.startsWith(start))) throw new Error(`there is no part ${start}`)
}
