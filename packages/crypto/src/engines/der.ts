/** A tag and what it holds: a view of the bytes that were read. */
export interface DerElement {
  readonly tag: number
  readonly content: Uint8Array
}

export const INTEGER = 0x02
export const BIT_STRING = 0x03
export const OCTET_STRING = 0x04
export const SEQUENCE = 0x30
/** Context-specific, constructed: the explicitly tagged fields [0] and [1]. */
export const FIELD_0 = 0xa0
export const FIELD_1 = 0xa1

/**
 * The elements that follow each other in `bytes`, which they fill exactly; `null` where it is not DER (X.690 §10.1): lengths
 * are definite and minimal. Only one-byte tags, and contents below 64 KiB, which every key and signature here has.
 */
export function derElements(bytes: Uint8Array): DerElement[] | null {
  const elements: DerElement[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0
    const header = contentRange(bytes, at + 1)
    if (header === null || (tag & 0x1f) === 0x1f) return null
    elements.push({ tag, content: bytes.subarray(header.start, header.end) })
    at = header.end
  }
  return elements
}

/** What the one sequence that fills `bytes` holds, or `null`. */
export function derSequence(bytes: Uint8Array): DerElement[] | null {
  const [outer, ...more] = derElements(bytes) ?? []
  return outer?.tag === SEQUENCE && more.length === 0 ? derElements(outer.content) : null
}

function contentRange(bytes: Uint8Array, at: number): { start: number; end: number } | null {
  const [first = 0xff, high = 0, low = 0] = bytes.subarray(at, at + 3)
  const forms: Readonly<Record<number, { length: number; least: number; size: number }>> = {
    129: { length: high, least: 0x80, size: 2 },
    130: { length: high * 256 + low, least: 0x100, size: 3 },
  }
  const form = first < 0x80 ? { length: first, least: 0, size: 1 } : forms[first]
  if (form === undefined || form.length < form.least) return null
  const start = at + form.size
  const end = start + form.length
  return end <= bytes.length ? { start, end } : null
}
