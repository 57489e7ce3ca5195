const encoder = new TextEncoder()
// Without ignoreBOM a leading U+FEFF would vanish, and two different keys would become one.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8, or `null` where the text holds a surrogate without its other half: TextEncoder would change it silently. */
export function encodeUtf8(text: string): Uint8Array | null {
  return /\p{Surrogate}/u.test(text) ? null : encoder.encode(text)
}

/** The text, or `null` where the bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}
