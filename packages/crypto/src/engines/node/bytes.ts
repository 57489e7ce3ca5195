/** A plain Uint8Array over the same memory: no Buffer leaves the engine, because a Buffer's `slice` and JSON differ. */
export function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
