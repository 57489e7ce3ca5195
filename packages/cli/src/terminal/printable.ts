/** Control and format characters, lone surrogates, private characters, and the line ends of Unicode. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu

/**
 * Text that a terminal only shows and never obeys: control characters, direction marks and lone surrogates become
 * escapes. Names in headers and archives are written by strangers.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, escaped)
}

/** As `printable`, with line breaks kept. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n')

/** In quotes, so that it is seen where it ends. */
export const quoted = (text: string): string => printable(JSON.stringify(text))

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`
}

/**
 * The JSON of a value, which a terminal only shows and never obeys. It means the same to every JSON reader: escapes are those of
 * JSON, a pair of them above U+FFFF. With `indent`, lines are broken and indented by that many spaces.
 */
export const printableJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(UNSAFE, (character) =>
    character === '\n' ? character : character.split('').map(unitEscaped).join(''),
  )

/** One UTF-16 code unit, as JSON escapes it. */
const unitEscaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
