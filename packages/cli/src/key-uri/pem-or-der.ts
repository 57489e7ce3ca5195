/** PEM is text; anything else is taken for DER. */
export function pemOrDer(bytes: Uint8Array): string | Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  return text.includes('-----BEGIN') ? text : bytes
}
