/** Providers of this prefix are AWS KMS keyrings (keyring-interface.md, "key provider id"). */
const AWS_KMS = 'aws-kms'
/** What a field of an encrypted data key holds at most, in bytes (message-header.md). */
const MAX_FIELD_LENGTH = 0xffff

/** Which wrapping key a raw keyring stands for. */
export interface RawKeyName {
  /** The provider id of its encrypted data keys. */
  readonly namespace: string
  /** The name in UTF-8, with which their key info begins. */
  readonly nameBytes: Uint8Array
  /** How errors name the keyring: `raw-aes:<namespace>/<name>`. */
  readonly label: string
}

/**
 * Checks namespace and name. Throws a TypeError where one is no string, and a RangeError where one is empty, holds half
 * a surrogate pair, or is too long for its field with `infoOverhead` further bytes of key info; also where the namespace
 * begins with `aws-kms`, which belongs to the AWS KMS keyrings.
 */
export function rawKeyName(scheme: string, namespace: string, name: string, infoOverhead: number): RawKeyName {
  encoded(scheme, 'namespace', namespace, MAX_FIELD_LENGTH)
  if (namespace.startsWith(AWS_KMS)) {
    throw new RangeError(`${scheme}: a namespace that begins with ${AWS_KMS} belongs to the AWS KMS keyrings`)
  }
  const nameBytes = encoded(scheme, 'name', name, MAX_FIELD_LENGTH - infoOverhead)
  return { namespace, nameBytes, label: `${scheme}:${namespace}/${name}` }
}

function encoded(scheme: string, what: string, text: string, maxLength: number): Uint8Array {
  if (typeof text !== 'string') throw new TypeError(`${scheme}: ${what} is a string`)
  if (text === '') throw new RangeError(`${scheme}: ${what} is empty`)
  if (/\p{Surrogate}/u.test(text)) {
    throw new RangeError(`${scheme}: ${what} holds a surrogate without its other half, which UTF-8 cannot write`)
  }
  const bytes = new TextEncoder().encode(text)
  if (bytes.length > maxLength) {
    throw new RangeError(`${scheme}: ${what} takes ${bytes.length} bytes of UTF-8; at most ${maxLength} fit`)
  }
  return bytes
}
