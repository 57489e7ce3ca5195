/**
 * Text that a terminal only shows and never obeys: control characters, direction marks and lone surrogates become
 * escapes. Names in headers and archives are written by strangers.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu, escaped)
}

/** As `printable`, with line breaks kept. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n')

/** In quotes, so that it is seen where it ends. */
export const quoted = (text: string): string => printable(JSON.stringify(text))

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`
}
