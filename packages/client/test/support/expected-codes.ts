/** Which codes an altered field of a message may be refused with; an array in the order of likelihood. */
const byField: Readonly<Record<string, readonly string[]>> = {
  version: ['ERR_MALFORMED'],
  type: ['ERR_MALFORMED'],
  // Another suite's id may fit the version and then fails by its other rules, at the latest at the data key's length.
  suite: ['ERR_UNSUPPORTED', 'ERR_MALFORMED', 'ERR_NO_KEY', 'ERR_AUTHENTICATION'],
  'message id': ['ERR_AUTHENTICATION'],
  'context length': ['ERR_MALFORMED', 'ERR_TRUNCATED', 'ERR_LIMIT'],
  // The keyring of these tests binds the context, so that it refuses before the header's tag is looked at.
  context: ['ERR_NO_KEY', 'ERR_MALFORMED'],
  'key count': ['ERR_LIMIT', 'ERR_MALFORMED', 'ERR_TRUNCATED'],
  'provider id length': ['ERR_MALFORMED', 'ERR_TRUNCATED', 'ERR_LIMIT'],
  'provider id': ['ERR_NO_KEY', 'ERR_MALFORMED'],
  'key info length': ['ERR_MALFORMED', 'ERR_TRUNCATED', 'ERR_LIMIT'],
  'key info': ['ERR_NO_KEY'],
  'encrypted key length': ['ERR_MALFORMED', 'ERR_TRUNCATED', 'ERR_LIMIT'],
  'encrypted key': ['ERR_NO_KEY'],
  'content type': ['ERR_MALFORMED'],
  reserved: ['ERR_MALFORMED'],
  'iv length': ['ERR_MALFORMED'],
  'frame length': ['ERR_AUTHENTICATION', 'ERR_LIMIT', 'ERR_MALFORMED'],
  commitment: ['ERR_AUTHENTICATION'],
  'header iv': ['ERR_AUTHENTICATION'],
  'header tag': ['ERR_AUTHENTICATION'],
  sequence: ['ERR_MALFORMED'],
  iv: ['ERR_AUTHENTICATION'],
  content: ['ERR_AUTHENTICATION'],
  tag: ['ERR_AUTHENTICATION'],
  'final marker': ['ERR_MALFORMED'],
  'final sequence': ['ERR_MALFORMED'],
  'final iv': ['ERR_AUTHENTICATION'],
  'final length': ['ERR_AUTHENTICATION', 'ERR_MALFORMED', 'ERR_TRUNCATED'],
  'final content': ['ERR_AUTHENTICATION'],
  'final tag': ['ERR_AUTHENTICATION'],
  'signature length': ['ERR_AUTHENTICATION', 'ERR_MALFORMED', 'ERR_TRUNCATED'],
  signature: ['ERR_AUTHENTICATION'],
}

/** Fails for a field that the table does not know. */
export function expectedCodes(field: string): readonly string[] {
  const codes = byField[field]
  if (codes === undefined) throw new Error(`no expectation for the field ${field}`)
  return codes
}
