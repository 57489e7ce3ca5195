import { usage } from '../failure.ts'

const LENGTHS: readonly number[] = [16, 24, 32]

/**
 * The AES key in a file: 16, 24 or 32 bytes as they are, or as text in hexadecimal or Base64.
 *
 * Hexadecimal is tried first: 32 digits would be Base64 of 24 bytes too, and no random key of 24 bytes has such Base64.
 * Bytes that are all printable are refused: they are a passphrase or a key in some other notation, not a key.
 */
export function parseAesKey(path: string, bytes: Uint8Array): Uint8Array {
  const text = asText(bytes)
  if (text === null) {
    if (LENGTHS.includes(bytes.length)) return bytes.slice()
    throw usage(
      `${path}: holds ${bytes.length} bytes; an AES key has 16, 24 or 32, as they are or in hexadecimal or Base64`,
    )
  }
  const key = fromHex(text) ?? fromBase64(text)
  if (key !== null && LENGTHS.includes(key.length)) return key
  throw usage(
    `${path}: holds text that is no AES key of 16, 24 or 32 bytes in hexadecimal or Base64; \`bongtu keygen raw-aes\` makes one`,
  )
}

/** Trimmed printable text, or `null`. */
function asText(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').trim()
  return /^[\x20-\x7e]+$/.test(text) ? text : null
}

const fromHex = (text: string): Uint8Array | null =>
  /^(?:[0-9a-f]{2})+$/i.test(text) ? Uint8Array.from(Buffer.from(text, 'hex')) : null

function fromBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? Uint8Array.from(bytes) : null
}
