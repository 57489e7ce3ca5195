const encoder = new TextEncoder()
// Without ignoreBOM a leading U+FEFF would vanish, and two different keys would become one.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** V8 keeps arrays up to this length on its own heap, where they cost a tenth of what TextEncoder's answer costs. */
const SHORT = 64

/** UTF-8, or `null` where the text holds a surrogate without its other half: TextEncoder would change it silently. */
export function encodeUtf8(text: string): Uint8Array | null {
  return encodeShortAscii(text) ?? (/\p{Surrogate}/u.test(text) ? null : encoder.encode(text))
}

function encodeShortAscii(text: string): Uint8Array | null {
  if (text.length > SHORT) return null
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit > 0x7f) return null
    bytes[at] = unit
  }
  return bytes
}

/** The text, or `null` where the bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}
