/** A plain Uint8Array over the same memory: no Buffer leaves the engine, because a Buffer's `slice` and JSON differ. */
export function plain<B extends ArrayBufferLike>(buffer: Buffer<B>): Uint8Array<B> {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
