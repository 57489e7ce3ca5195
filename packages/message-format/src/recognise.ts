/** How many leading bytes are enough to tell what an input is. */
export const RECOGNISED_FROM = 32

interface Look {
  readonly what: string
  /** Of text: the first bytes, one character each, behind a byte order mark and white space. */
  readonly text?: RegExp
  /** Of binary: the first bytes, two lower-case digits each. */
  readonly hex?: RegExp
}

/** What people hand over in place of a message, the most telling first. */
const looks: readonly Look[] = [
  {
    what: 'Base64 text of an encrypted message: decode the Base64 first',
    text: /^(?:AYA[A-D]|AgR4|AgV4)[\w+/=\s-]*$/,
  },
  {
    what: 'hexadecimal text of an encrypted message: decode the digits first',
    text: /^(?:0x)?0(?:180|20[45])[\da-f\s]*$/i,
  },
  {
    what: 'an encrypted message that was turned into text and back, which loses bytes: keep it as bytes or as Base64',
    // U+FFFD or U+0080 where 80 was; three times U+FFFD among 29 bytes that should be random.
    hex: /^01(?:efbfbd|c280)|^020[45]78(?:(?:..)*?efbfbd){3}/,
  },
  {
    what: 'a ciphertext blob of AWS KMS itself: open it with the KMS Decrypt call, it is no envelope',
    hex: /^010[12]0[123]0078/,
  },
  {
    what: 'Base64 text of a ciphertext blob of AWS KMS itself: open it with the KMS Decrypt call, it is no envelope',
    text: /^AQ[EI][BCD]AH[\w+/=\s-]*$/,
  },
  { what: 'an age file: open it with age', text: /^age-encryption\.org|^-----BEGIN AGE / },
  { what: 'a PGP message: open it with an OpenPGP program', text: /^-----BEGIN PGP / },
  { what: 'PEM text, as keys and certificates are kept in', text: /^-----BEGIN/ },
  { what: 'a ciphertext of Vault or OpenBao Transit: open it there', text: /^vault:v\d/ },
  { what: 'a file of openssl enc: open it with openssl', text: /^Salted__/ },
  { what: 'a gzip file: unpack it first', hex: /^1f8b/ },
  { what: 'a Zstandard file: unpack it first', hex: /^28b52ffd/ },
  { what: 'a zip archive: unpack it first', hex: /^504b0304/ },
]

/**
 * What bytes that are no message look like, with what to do about it, or `null`. The first 32 bytes decide. For errors
 * and for callers that offer to decode Base64; it says nothing of whether a message is intact.
 */
export function recognise(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, RECOGNISED_FROM)
  const hex = Array.from(head, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const text = unmarked(String.fromCharCode(...head)).trimStart()
  return looks.find((look) => look.text?.test(text) || look.hex?.test(hex))?.what ?? null
}

/** Without the byte order mark of UTF-8, or with that of UTF-16, as Windows shells write, without every other byte. */
function unmarked(text: string): string {
  if (text.startsWith('\xff\xfe')) return text.slice(2).replaceAll('\0', '')
  return text.replace(/^\xef\xbb\xbf/, '')
}
