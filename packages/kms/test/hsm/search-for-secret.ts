/** A place where a secret may have leaked to: a name to report and its bytes or text. */
export interface Haystack {
  readonly name: string
  readonly content: Uint8Array | string
}

/**
 * The names of the haystacks that hold `secret`: as raw bytes, as hex in either case, or as base64 or base64url at any of
 * the three alignments that it may have in a longer encoding. Text is searched as UTF-8 and as UTF-16, and numbers in text
 * such as `{"0":1,"1":2}` or `1,2,3`, which a serialised Uint8Array becomes, are found too.
 */
export function searchForSecret(haystacks: readonly Haystack[], secret: Uint8Array): string[] {
  const needles = encodings(secret)
  return haystacks
    .filter(({ content }) => {
      const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content)
      const lower = Buffer.from(bytes.toString('latin1').toLowerCase(), 'latin1')
      return needles.some(({ needle, anyCase }) => (anyCase ? lower : bytes).includes(needle))
    })
    .map(({ name }) => name)
}

function encodings(secret: Uint8Array): { needle: Buffer; anyCase: boolean }[] {
  const hex = Buffer.from(secret).toString('hex')
  const texts = [0, 1, 2].flatMap((skip) => base64At(secret, skip)).map((needle) => ({ needle, anyCase: false }))
  const members = Object.fromEntries([...secret].map((byte, i) => [i, byte]))
  const all = [
    { needle: hex, anyCase: true },
    { needle: [...secret].join(','), anyCase: false },
    { needle: [...secret].join(', '), anyCase: false },
    { needle: JSON.stringify(members).slice(1, -1), anyCase: false },
    ...texts,
  ]
  return [
    { needle: Buffer.from(secret), anyCase: false },
    ...all.map(({ needle, anyCase }) => ({ needle: Buffer.from(needle), anyCase })),
    ...all.map(({ needle, anyCase }) => ({ needle: Buffer.from(needle, 'utf16le'), anyCase })),
  ]
}

/** What of the base64 of a longer text depends on the secret alone, when `skip` bytes stand before it in its group of three. */
function base64At(secret: Uint8Array, skip: number): string[] {
  const whole = Buffer.concat([Buffer.alloc(skip), secret])
    .toString('base64')
    .replaceAll('=', '')
  const first = Math.ceil((skip * 8) / 6)
  const last = Math.floor(((skip + secret.length) * 8) / 6)
  const inner = whole.slice(first, last)
  return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
}
