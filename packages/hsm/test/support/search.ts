/** A place where a secret may have gone to. */
export interface Haystack {
  readonly name: string
  readonly content: Uint8Array | string
}

/** The names of the haystacks that hold the secret: as bytes, as hexadecimal, or in Base64 at any alignment. */
export function holding(haystacks: readonly Haystack[], secret: Uint8Array): string[] {
  const hex = Buffer.from(secret).toString('hex')
  const base64 = [0, 1, 2].map((skip) => {
    const text = Buffer.concat([Buffer.alloc(skip), secret])
      .toString('base64')
      .replaceAll('=', '')
    // What stands at the ends depends on what is around the secret.
    return text.slice(Math.ceil((skip * 8) / 6), Math.floor(((skip + secret.length) * 8) / 6))
  })
  const texts = [
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((each) => each.replaceAll('+', '-').replaceAll('/', '_')),
  ]
  const needles = [Buffer.from(secret), ...texts.map((text) => Buffer.from(text)), Buffer.from(secret.join(','))]
  return haystacks
    .filter(({ content }) => needles.some((needle) => Buffer.from(content).includes(needle)))
    .map(({ name }) => name)
}
