import type { Awaitable } from '../engine.ts'

const GUARD = 0xa5

/** The bytes as a view in the middle of a larger array, at an odd offset: an engine that forgets offsets reads the guards. */
export function view(bytes: Uint8Array): Uint8Array {
  const around = new Uint8Array(bytes.length + 16).fill(GUARD)
  around.set(bytes, 7)
  return around.subarray(7, 7 + bytes.length)
}

/** The bytes of hexadecimal text, as an offset view. */
export function bytes(hexadecimal: string): Uint8Array {
  const out = new Uint8Array(hexadecimal.length / 2)
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(hexadecimal.slice(2 * i, 2 * i + 2), 16)
  return view(out)
}

export function hex(bytes: Uint8Array | null): string | null {
  return bytes && Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function text(characters: string): Uint8Array {
  return view(new TextEncoder().encode(characters))
}

/** `length` bytes that differ from each other, as an offset view. */
export function ramp(length: number, start = 0): Uint8Array {
  return view(Uint8Array.from({ length }, (_, i) => start + 7 * i))
}

/** A copy, as an offset view, with one bit of one byte turned. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = view(bytes)
  copy[at] = (copy[at] ?? 0) ^ 0x10
  return copy
}

/** What the call throws or rejects with: the name of its class, or 'nothing'. */
export async function failure(call: () => Awaitable<unknown>): Promise<string> {
  try {
    await call()
    return 'nothing'
  } catch (error) {
    return error instanceof Error ? error.constructor.name : typeof error
  }
}

/** Whether it is a Uint8Array itself: subclasses of platforms change what `slice` and JSON do. */
export function isPlain(value: unknown): boolean {
  return value instanceof Uint8Array && Object.getPrototypeOf(value) === Uint8Array.prototype
}
