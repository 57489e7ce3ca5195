import { writeUint16 } from './bytes.ts'

/** message-footer.md: length(2) ‖ signature. Throws a RangeError where the signature is empty or over 65,535 bytes. */
export function encodeFooter(signature: Uint8Array): Uint8Array {
  if (signature.length === 0 || signature.length > 0xffff) {
    throw new RangeError(`a footer holds a signature of 1 to 65535 bytes, not ${signature.length}`)
  }
  const footer = new Uint8Array(2 + signature.length)
  writeUint16(footer, 0, signature.length)
  footer.set(signature, 2)
  return footer
}
