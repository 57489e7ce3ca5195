/** A key in an embedded token, in clear. Whoever reads the file zeroes `value`. */
export interface StoredKey {
  readonly kind: 'aes' | 'rsa'
  readonly label: string
  readonly id: Uint8Array
  /** AES: the key. RSA: PKCS #8. */
  readonly value: Uint8Array
  /** RSA: SubjectPublicKeyInfo. AES: empty. */
  readonly publicKey: Uint8Array
}

/**
 * The keys, one behind the other:
 *
 *     kind (1): 01 AES, 02 RSA · length (2) and label in UTF-8 · length (2) and id · length (2) and value ·
 *     length (2) and public key; lengths are big endian
 */
const KINDS = { aes: 1, rsa: 2 } as const
const MAX_FIELD_LENGTH = 0xffff

/** The caller zeroes the answer. Throws a RangeError where a field is longer than 65,535 bytes. */
export function encodeContents(keys: readonly StoredKey[]): Uint8Array {
  const fields = keys.flatMap(({ kind, label, id, value, publicKey }) => [
    Uint8Array.of(KINDS[kind]),
    ...[new TextEncoder().encode(label), id, value, publicKey].flatMap((field) => [lengthOf(field), field]),
  ])
  const contents = new Uint8Array(fields.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const field of fields) {
    contents.set(field, at)
    at += field.length
  }
  return contents
}

/** Copies of the keys, or `null` where the bytes are of another layout. */
export function decodeContents(contents: Uint8Array): StoredKey[] | null {
  const keys: StoredKey[] = []
  let at = 0
  const field = (): Uint8Array => {
    const length = ((contents[at] ?? 0) << 8) | (contents[at + 1] ?? 0)
    at += 2 + length
    return contents.slice(at - length, at)
  }
  while (at < contents.length) {
    const number = contents[at++]
    const kind = (['aes', 'rsa'] as const).find((each) => KINDS[each] === number)
    const [label, id, value, publicKey] = [field(), field(), field(), field()]
    if (kind === undefined || at > contents.length) return null
    keys.push({ kind, label: new TextDecoder().decode(label), id, value, publicKey })
  }
  return keys
}

function lengthOf({ length }: Uint8Array): Uint8Array {
  if (length > MAX_FIELD_LENGTH) throw new RangeError(`a field of ${length} bytes; at most ${MAX_FIELD_LENGTH} fit`)
  return Uint8Array.of(length >> 8, length & 0xff)
}
